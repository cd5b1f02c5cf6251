import type { FaultCode, RunEvent } from "@assay/sdk";
import { type Budget, FaultError, type RunId } from "#domain";
import { Engine, JournalQueue, type RunEnd, type Workflow } from "#engine";
import { CarelessQueue } from "./careless-queue.ts";
import { streamOf } from "./random.ts";
import { SimulatedJournal } from "./simulated-journal.ts";
import { ownersOf, type SimulatedProcess } from "./simulated-process.ts";
import type { SimulatedWorld } from "./simulated-world.ts";
import { ViolationError } from "./violation.ts";
import { goal, workload } from "./workload.ts";

/** What an execution may be told when nothing is wrong with Assay. */
const expectedCodes: readonly FaultCode[] = [
  "run-locked",
  "run-finished",
  "run-not-found",
  "journal-conflict",
  "daemon-unreachable",
  "disk-full",
  "budget-exhausted",
  "breaker-open",
  "waiting-for-signal",
  "cancelled",
];

/** The real engine in one simulated process. */
export class EngineNode {
  readonly process: SimulatedProcess;
  readonly queue: JournalQueue;
  readonly #world: SimulatedWorld;
  readonly #engine: Engine;
  readonly #workflow: Workflow;
  /** Under which claim it executes a run. */
  readonly #tokens = new Map<RunId, number>();

  constructor(process: SimulatedProcess, world: SimulatedWorld) {
    this.process = process;
    this.#world = world;
    this.#workflow = workload(process, world.ledger, (run, key) => this.#executes(run.id, key));
    this.queue =
      world.weakness === "ignores-tokens"
        ? new CarelessQueue(process, () => world.processes.keys())
        : new JournalQueue({ clock: process });
    this.#engine = new Engine({
      journal: new SimulatedJournal(process, world.network, world.store),
      blobs: world.blobs,
      queue: this.queue,
      owners: ownersOf(process, world.processes, world.weakness === "believes-owners-dead"),
      assayVersion: "0.0.0",
      workflows: [this.#workflow],
      clock: process,
      random: streamOf(world.seed, process.name),
      pollMs: 200,
      every: (ms, act) => every(process, ms, act),
    });
  }

  start(budget: Budget): void {
    this.#follow(`start`, this.#engine.start(this.#workflow, goal, { budget, onEvent: (event) => this.#note(event) }));
  }

  resume(run: RunId, budget: Budget, force: boolean): void {
    if (force) this.#world.invariants.orders(this.process.name, run);
    const resumed = this.#engine.resume(run, {
      budget,
      force,
      onEvent: (event) => this.#note(event),
    });
    this.#follow(`resume${force ? " --force" : ""} ${run}`, resumed);
  }

  signal(run: RunId): void {
    this.#follow(`approve ${run}`, this.#engine.signal(run, "approve", { by: "somebody" }));
  }

  cancel(run: RunId): void {
    this.#follow(`cancel ${run}`, this.#engine.cancel(run));
  }

  #note(event: RunEvent): void {
    if (event.type === "lease-claimed") this.#tokens.set(event.runId as RunId, event.seq);
  }

  #executes(run: RunId, key: string): void {
    const token = this.#tokens.get(run) ?? 0;
    this.#world.scheduler.note(`${this.process.name} executes ${key} of ${run} under ${token}`);
    const done = this.#world.store
      .eventsOf(run)
      .find((event) => event.type === "step-finished" && event.key === key && event.seq < token);
    if (done === undefined) return;
    this.#world.invariants.fail(
      new ViolationError(
        "a finished step is not executed again",
        `${key} of ${run}, finished at ${done.seq}, under ${token}`,
      ),
    );
  }

  #follow(what: string, ending: Promise<RunEnd | unknown>): void {
    const { scheduler, invariants } = this.#world;
    scheduler.note(`${this.process.name} begins: ${what}`);
    const told = (fault: { code: FaultCode; message: string } | undefined) => {
      scheduler.note(`${this.process.name} ended: ${what}: ${fault?.code ?? "well"}`);
      if (fault === undefined || expectedCodes.includes(fault.code)) return;
      invariants.fail(new ViolationError("nobody is told of a defect", `${what}: ${fault.code}: ${fault.message}`));
    };
    ending.then(
      (end) => told(isRunEnd(end) ? end.result.fault : undefined),
      (error) => told(error instanceof FaultError ? error.fault : { code: "defect", message: String(error) }),
    );
  }
}

function isRunEnd(end: RunEnd | unknown): end is RunEnd {
  return typeof end === "object" && end !== null && "recorded" in end;
}

function every(process: SimulatedProcess, ms: number, act: () => void): Disposable {
  let cancel = process.later(ms, `${process.name} polls`, again);
  function again() {
    act();
    cancel = process.later(ms, `${process.name} polls`, again);
  }
  return { [Symbol.dispose]: () => cancel() };
}
