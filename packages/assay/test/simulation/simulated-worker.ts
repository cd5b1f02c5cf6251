import type { Claim, WorkQueue } from "#ports";
import type { EngineNode } from "./node.ts";
import { between, pick, type Random, streamOf } from "./random.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { SimulatedWorld } from "./simulated-world.ts";
import { ViolationError } from "./violation.ts";
import { handedOver } from "./workload.ts";

/** How long a worker waits at one queue. */
const waitMs = 500;
const heartbeatMs = 150;

/** A process that claims tasks from whichever engine has some, over the network, works on them, and reports. */
export class SimulatedWorker {
  readonly process: SimulatedProcess;
  readonly #world: SimulatedWorld;
  readonly #random: Random;

  constructor(process: SimulatedProcess, world: SimulatedWorld) {
    this.process = process;
    this.#world = world;
    this.#random = streamOf(world.seed, process.name);
    void this.#work();
  }

  async #work(): Promise<never> {
    for (;;) {
      const node = pick(this.#random, this.#world.nodes);
      // Whoever does not hear from a queue asks another: the lease sees to what was lost.
      await this.#serve(node).catch(() => undefined);
      await this.process.sleep(between(this.#random, 5, 60));
    }
  }

  async #serve(node: EngineNode): Promise<void> {
    const stop = new AbortController();
    const claim = await this.#ask(node, "claim", (queue) => {
      node.process.later(waitMs, `${node.process.name} lets ${this.process.name} go`, () => stop.abort());
      return queue.claim({ id: this.process.name, role: "coder", capabilities: [] }, stop.signal);
    });
    if (claim !== undefined) await this.#execute(node, claim);
  }

  async #execute(node: EngineNode, claim: Claim): Promise<void> {
    const { run, task } = claim.offer;
    this.#world.scheduler.note(`${this.process.name} works on ${task} of ${run} under ${claim.token}`);
    // As in a long garbage collection: it is heard of again when its lease is over.
    const silent = this.#random() < 0.25;
    for (let left = between(this.#random, 20, silent ? 1_500 : 500); left > 0; left -= heartbeatMs) {
      await this.process.sleep(Math.min(left, heartbeatMs));
      if (silent) continue;
      await this.#ask(node, "heartbeat", (queue) => queue.heartbeat(run, task, claim.token)).catch(() => undefined);
    }
    // It reports whatever the heartbeat said: that its token is void is the queue's to notice.
    const output = await this.#world.blobs.put(JSON.stringify(handedOver));
    const answer = await this.#ask(node, "finish", (queue) =>
      queue.finish(run, task, claim.token, { outcome: "done", output, detail: this.process.name }),
    );
    if (answer === "finished") this.#checkCounted(claim);
  }

  #checkCounted({ offer, token }: Claim): void {
    const counted = this.#world.store
      .eventsOf(offer.run)
      .find((event) => event.type === "task-finished" && event.task === offer.task);
    if (counted?.type === "task-finished" && counted.token === token) return;
    const detail = `${this.process.name} was told that its result of ${offer.task} of ${offer.run} under ${token} counts`;
    this.#world.invariants.fail(new ViolationError("at most one token of a task is valid", detail));
  }

  #ask<T>(node: EngineNode, what: string, serve: (queue: WorkQueue) => Promise<T>): Promise<T> {
    const { process } = node;
    return this.#world.network.call<T>(this.process, `${what} at ${process.name}`, (reply) => {
      process.later(0.1, `${process.name} serves ${what}`, () => {
        serve(node.queue).then(
          (value) => process.alive && reply({ value }),
          (error) => process.alive && reply({ error }),
        );
      });
    });
  }
}
