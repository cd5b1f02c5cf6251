import type { RunEvent, RunEventBody } from "@assay/sdk";
import { type Budget, FaultError, fault, type RetryPolicy, type RunId } from "#domain";
import type { Blobs } from "#ports";
import { abandonedSpending } from "./abandoned.ts";
import { Breakers } from "./breakers.ts";
import { BudgetBook } from "./budget-book.ts";
import type { Clock } from "./clock.ts";
import { History } from "./history.ts";
import type { RunWriter } from "./run-writer.ts";

export type ExecutionOptions = {
  run: RunId;
  events: readonly RunEvent[];
  budget: Budget;
  blobs: Blobs;
  clock: Clock;
  random: () => number;
  retry: RetryPolicy;
  /** The user's Ctrl-C. */
  interrupt?: AbortSignal;
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
  /** The user's interruption, or the loss of the run to somebody else. */
  readonly abort: AbortSignal;
  readonly #interrupt: AbortSignal | undefined;
  readonly #stop = new AbortController();
  readonly #claimed = new Set<string>();
  readonly #occurrences = new Map<string, number>();
  #writer: RunWriter | undefined;
  #lease = 0;

  constructor(options: ExecutionOptions) {
    this.run = options.run;
    this.history = new History(options.events);
    this.budget = new BudgetBook(options.budget, this.history, abandonedSpending(options.events));
    this.breakers = new Breakers(options.events, options.clock);
    this.blobs = options.blobs;
    this.clock = options.clock;
    this.random = options.random;
    this.retry = options.retry;
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
    if (this.#interrupt?.aborted) {
      throw new FaultError(
        fault("interrupted", `run ${this.run} was interrupted`, `continue with: assay resume ${this.run}`),
      );
    }
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

  append(event: RunEventBody, idempotencyKey: string): Promise<void> {
    return this.#pen.append([event], idempotencyKey);
  }
}
