import type { RunEvent, RunEventBody, TraceContext } from "@assay/sdk";
import { type Budget, FaultError, type RetryPolicy, type RunId, runId } from "#domain";
import type { Blobs } from "#ports";
import { abandonedSpending } from "./abandoned.ts";
import type { Activity } from "./admission/activity.ts";
import { Breakers } from "./breakers.ts";
import { BudgetBook } from "./budget-book.ts";
import type { ChildRuns } from "./child-run.ts";
import type { Circuits } from "./circuits/circuits.ts";
import type { Clock } from "./clock.ts";
import { interruptionOf } from "./conclusion.ts";
import { History } from "./history.ts";
import { joiningAppends, type LendingQueue, type TaskPen } from "./queue/task-pen.ts";
import type { RunWriter } from "./run-writer.ts";

export type ExecutionOptions = {
  run: RunId;
  events: readonly RunEvent[];
  budget: Budget;
  blobs: Blobs;
  clock: Clock;
  random: () => number;
  retry: RetryPolicy;
  /** The user's Ctrl-C, or an emergency stop: a `FaultError` as its reason says why the run stops. */
  children: ChildRuns;
  /** The run that a person goes on with: this one, or the outermost of which it is a part. */
  root: RunId;
  interrupt?: AbortSignal;
  activity: Activity;
  queue?: LendingQueue | undefined;
  circuits?: Circuits | undefined;
};

/** What the handles of one execution of a run share: its history, its pen, its books, and whether it may go on. */
export class Execution {
  readonly run: RunId;
  readonly history: History;
  readonly budget: BudgetBook;
  readonly breakers: Breakers;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly random: () => number;
  readonly retry: RetryPolicy;
  /** Absent: there are no workers. */
  readonly queue: LendingQueue | undefined;
  readonly circuits: Circuits | undefined;
  readonly children: ChildRuns;
  readonly activity: Activity;
  readonly root: RunId;
  /** The user's interruption, or the loss of the run to somebody else. */
  readonly abort: AbortSignal;
  /** What outside asked for the run. */
  readonly trace: TraceContext | undefined;
  /** The folder outside of which nothing is written where a goal says. */
  readonly writesWithin: string | undefined;
  readonly #beganAt: number;
  readonly #interrupt: AbortSignal | undefined;
  readonly #stop = new AbortController();
  readonly #claimed = new Set<string>();
  readonly #occurrences = new Map<string, number>();
  readonly #underWay = new Set<Promise<unknown>>();
  #writer: RunWriter | undefined;
  #lease = 0;

  constructor(options: ExecutionOptions) {
    this.run = options.run;
    const [started] = options.events;
    if (started?.type === "run-started") {
      this.trace = started.trace;
      this.writesWithin = started.writesWithin;
    }
    this.history = new History(options.events);
    this.budget = new BudgetBook(options.budget, this.history, abandonedSpending(options.events));
    this.breakers = new Breakers(options.events, options.clock);
    this.blobs = options.blobs;
    this.clock = options.clock;
    this.random = options.random;
    this.retry = options.retry;
    this.queue = options.queue;
    this.circuits = options.circuits;
    this.children = options.children;
    this.activity = options.activity;
    this.root = options.root;
    this.#beganAt = options.clock.now();
    this.#interrupt = options.interrupt;
    const stop = this.#stop.signal;
    this.abort = options.interrupt === undefined ? stop : AbortSignal.any([options.interrupt, stop]);
  }

  /** Set once, before the workflow runs: writer and execution know each other. */
  attach(writer: RunWriter): void {
    this.#writer = writer;
    this.#lease = writer.lastSeq;
  }

  /** The `seq` of the claim under which this execution writes: its fencing token. */
  get lease(): number {
    return this.#lease;
  }

  /** Since this execution began. */
  get elapsedMs(): number {
    return this.clock.now() - this.#beganAt;
  }

  get #pen(): RunWriter {
    if (this.#writer === undefined) throw new Error("the execution has no writer yet");
    return this.#writer;
  }

  /** An event was appended, by this execution or by somebody else. */
  take(event: RunEvent): void {
    this.history.add(event);
    // At once: between the two, another branch would take this execution for a replay.
    if (event.type === "step-finished") this.history.visit(event.key);
    // Only a person's reset comes from elsewhere; our own changes are in the book already.
    if (event.type === "breaker-changed" && event.to === "closed") this.breakers.restore(event);
    if (["run-cancelled", "lease-claimed", "result"].includes(event.type)) this.#stop.abort();
  }

  /** Throws why the run cannot go on, if it cannot. */
  check(): void {
    if (this.#pen.closed !== undefined) throw this.#pen.closed;
    if (this.#interrupt?.aborted) throw new FaultError(interruptionOf(this.#interrupt, this.run, this.root));
  }

  /** A key stands for one place in the workflow: the second use would return the first one's result. */
  claim(key: string): void {
    if (key.length > 500) throw new RangeError(`a key of ${key.length} characters: ${key.slice(0, 100)}…`);
    if (this.#claimed.has(key)) throw new Error(`key ${key} is used twice in run ${this.run}`);
    this.#claimed.add(key);
  }

  /** The how-many-eth time this is seen in this execution, from 0. */
  occurrence(what: string): number {
    const count = this.#occurrences.get(what) ?? 0;
    this.#occurrences.set(what, count + 1);
    return count;
  }

  /** Writes of tasks, many at a time. No key of theirs is used again: what is written of a task is decided by its history. */
  taskPen(): TaskPen {
    let nth = 0;
    return {
      history: (task) => this.history.tasks.get(task) ?? [],
      append: joiningAppends((events) => this.#pen.append(events, `tasks:${this.#lease}:${nth++}`)),
    };
  }

  append(event: RunEventBody, idempotencyKey: string): Promise<void> {
    return this.appendAll([event], idempotencyKey);
  }

  /** All or none, in order. */
  async appendAll(events: readonly RunEventBody[], idempotencyKey: string): Promise<void> {
    await this.#pen.append(events, idempotencyKey);
  }

  /** Somebody ended the run for good. */
  get cancelled(): boolean {
    return this.#pen.closed?.fault.code === "cancelled";
  }

  /** Other runs' executions end before this one's does, also when its workflow does not wait for them. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  /**
   * Aborts what is still going on and waits until other runs have come to a checkpoint. Where this run is `over`, its parts that have
   * not ended are cancelled: nobody will ever go on with them. One that cannot be reached stays paused, and can be cancelled by hand.
   */
  async wind(over: boolean): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#underWay);
    if (!over) return;
    const left = [...this.history.children].filter(([key]) => !this.history.steps.has(`child:${key}`));
    const by = `the end of run ${this.run}, of which it is a part`;
    await Promise.allSettled(left.map(([, { child }]) => this.children.cancel(runId(child), by)));
  }
}
