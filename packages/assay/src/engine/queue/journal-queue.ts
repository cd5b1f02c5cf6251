import type { ReleaseReason, RunEvent } from "@assay/sdk";
import { FaultError, fault, type RunId, raise } from "#domain";
import type { Claim, ExamineResult, Holding, Standing, TaskEnd, TaskOffer, TaskResult } from "#ports";
import { type Clock, systemClock } from "../clock.ts";
import { Claims } from "./claims.ts";
import { FinishedTasks } from "./finished-tasks.ts";
import { Leases } from "./leases.ts";
import { LeftClaims } from "./left-claims.ts";
import { OfferedTask } from "./offered-task.ts";
import { type AskingWorker, OpenTasks } from "./open-tasks.ts";
import type { TaskListener } from "./task-listener.ts";
import type { LendingQueue, TaskPen } from "./task-pen.ts";
import { recordOf } from "./task-record.ts";
import { Waiters } from "./waiters.ts";
import type { WorkerGate } from "./worker-gate.ts";

export type JournalQueueOptions = {
  clock?: Clock;
  /** Absent: every worker gets tasks. */
  gate?: WorkerGate;
  /** A run's events, for workers that come back before a run they work for was taken up again. */
  read?: (run: RunId) => Promise<readonly RunEvent[]>;
};

/**
 * Tasks of the runs that this process executes. Each run's execution lends its pen, so that what happens to a task is written where
 * the run itself is, under the run's own fencing: a process that lost a run can give none of its tasks away.
 */
export class JournalQueue implements LendingQueue {
  readonly #clock: Clock;
  readonly #gate: WorkerGate | undefined;
  readonly #pens = new Map<RunId, TaskPen>();
  readonly #tasks = new Map<string, OfferedTask>();
  readonly #open = new OpenTasks();
  readonly #waiters = new Waiters();
  readonly #claims = new Claims();
  readonly #leases: Leases;
  readonly #left: LeftClaims;
  readonly #finished = new FinishedTasks();
  #offers = 0;

  constructor({ clock = systemClock, gate, read = async () => [] }: JournalQueueOptions = {}) {
    this.#clock = clock;
    this.#gate = gate;
    this.#leases = new Leases(clock, (task, claim) => this.#expire(task, claim));
    const isRevoked = (worker: string) => this.#claims.isRevoked(worker);
    this.#left = new LeftClaims({ clock, read, penOf: (run) => this.#pens.get(run), isRevoked });
  }

  /** An execution lends its pen until it ends; tasks that it leaves behind are nobody's then. */
  lend(run: RunId, pen: TaskPen): Disposable {
    this.#pens.set(run, pen);
    return {
      [Symbol.dispose]: () => {
        if (this.#pens.get(run) === pen) this.#pens.delete(run);
        const cause = new FaultError(fault("run-finished", `this execution of run ${run} has ended`));
        for (const task of this.#tasks.values()) if (task.pen === pen) task.drop(cause);
      },
    };
  }

  async offer(offer: TaskOffer, signal: AbortSignal, examine?: ExamineResult): Promise<TaskEnd> {
    signal.throwIfAborted();
    const key = keyOf(offer.run, offer.task);
    const pen = this.#pens.get(offer.run);
    if (pen === undefined) throw new Error(`run ${offer.run} offers a task and is not being executed`);
    if (this.#tasks.has(key)) throw new Error(`task ${offer.task} of run ${offer.run} is offered twice`);
    const ordinal = this.#offers++;
    const task = new OfferedTask({ offer, pen, examine, ordinal, clock: this.#clock, listener: this.#listener });
    this.#tasks.set(key, task);
    // What goes wrong in withdrawing it reaches `ended`.
    const withdraw = () => void task.withdraw(signal.reason).catch(() => undefined);
    signal.addEventListener("abort", withdraw, { once: true });
    const over = new AbortController();
    try {
      await task.begin(recordOf(pen.history(offer.task)));
      const { claim } = task.standing;
      const ended = claim && this.#left.endOf(offer.run, offer.task, claim);
      if (ended !== undefined) await task.release(ended.token, ended.reason, ended.detail);
      if (offer.waitMsMax !== undefined) void this.#giveUpAfter(task, offer.waitMsMax, over.signal);
      return await task.standing.ended;
    } finally {
      over.abort();
      signal.removeEventListener("abort", withdraw);
      this.#tasks.delete(key);
      if (task.unwritten !== undefined) this.#left.addEnded(offer.run, offer.task, task.unwritten);
      const { finishedBy } = task.standing;
      if (finishedBy !== undefined) this.#finished.add(key, finishedBy);
    }
  }

  async claim(worker: AskingWorker, signal: AbortSignal): Promise<Claim | undefined> {
    const voidings = this.#claims.voidingsOf(worker.id);
    const isOver = () => signal.aborted || this.#claims.voidingsOf(worker.id) !== voidings;
    for (;;) {
      await this.#gate?.mayEnter(worker.id, signal);
      if (isOver()) return undefined;
      const task = this.#open.take(worker) ?? (await this.#waiters.wait(worker, signal));
      if (task === undefined) return undefined;
      if (isOver() || this.#gate?.enter(worker.id) === false) {
        this.#listener.queued(task);
        continue;
      }
      const claim = await task.take(worker.id);
      if (claim === undefined) continue;
      if (!isOver()) return { ...claim };
      const reason = signal.aborted ? "stopped" : "revoked";
      await task.release(claim.token, reason, "the worker was gone when the claim was written");
      return undefined;
    }
  }

  async heartbeat(run: RunId, task: string, token: number): Promise<Standing> {
    const offered = this.#tasks.get(keyOf(run, task));
    if (offered !== undefined) return offered.heartbeat(token);
    const left = await this.#left.held(run, task, token);
    return left === undefined ? { kind: "lost" } : { kind: "held", leaseUntil: this.#clock.now() + left.leaseMs };
  }

  async holding(run: RunId, task: string, token: number): Promise<Holding | undefined> {
    const offered = this.#tasks.get(keyOf(run, task));
    if (offered !== undefined) {
      const { claim } = offered.standing;
      return claim?.token === token ? { worker: claim.worker, input: claim.offer.input } : undefined;
    }
    const left = await this.#left.held(run, task, token);
    return left === undefined ? undefined : { worker: left.worker, input: left.input };
  }

  async finisherOf(run: RunId, task: string, token: number): Promise<string | undefined> {
    const record = await this.#left.record(run, task);
    return record.kind === "finished" && record.end.token === token ? record.end.worker : undefined;
  }

  async finish(run: RunId, task: string, token: number, result: TaskResult): Promise<"finished" | "refused"> {
    const key = keyOf(run, task);
    const offered = this.#tasks.get(key);
    if (offered !== undefined) return await offered.finish(token, result);
    if (this.#finished.get(key) === token) return "finished";
    if ((await this.finisherOf(run, task, token)) !== undefined) return "finished";
    if ((await this.#left.held(run, task, token)) !== undefined) {
      raise("daemon-unreachable", `run ${run} has not been taken up again yet`, "report again in a moment");
    }
    return "refused";
  }

  async release(run: RunId, task: string, token: number, reason: ReleaseReason, detail: string): Promise<void> {
    await this.#tasks.get(keyOf(run, task))?.release(token, reason, detail);
  }

  async revoke(worker: string, reason: ReleaseReason, detail: string): Promise<void> {
    this.#claims.void(worker, reason);
    this.#waiters.dismiss(worker);
    const held = this.#claims.of(worker);
    await Promise.all(held.map(({ task, claim }) => task.release(claim.token, reason, detail)));
  }

  depth(): { queued: number; claimed: number } {
    const depth = { queued: 0, claimed: 0 };
    for (const task of this.#tasks.values()) {
      if (task.standing.kind === "queued") depth.queued++;
      else if (task.standing.kind === "claimed") depth.claimed++;
    }
    return depth;
  }

  claimsOf(worker: string): readonly Claim[] {
    return this.#claims.of(worker).map(({ claim }) => ({ ...claim }));
  }

  readonly #listener: TaskListener = {
    queued: (task) => {
      if (!this.#waiters.give(task)) this.#open.add(task);
    },
    held: (task, claim) => {
      this.#claims.add(claim.worker, task);
      this.#leases.add(task, claim);
    },
    freed: (task, claim, how) => {
      this.#claims.remove(claim.worker, task);
      this.#leases.ended();
      const { run, task: name } = task.offer;
      const expiredElsewhere = task.standing.expiredElsewhere(claim.worker);
      this.#gate?.ended(claim.worker, how, { run, task: name, expiredElsewhere });
    },
  };

  async #giveUpAfter(task: OfferedTask, ms: number, over: AbortSignal): Promise<void> {
    await this.#clock.sleep(ms, over);
    // What cannot be written reaches whoever offered the task.
    if (!over.aborted) await task.giveUp().catch(() => undefined);
  }

  #expire(task: OfferedTask, { token, worker }: Claim): void {
    void task.release(token, "expired", `worker ${worker} was not heard of in time`);
  }
}

function keyOf(run: RunId, task: string): string {
  return `${run} ${task}`;
}
