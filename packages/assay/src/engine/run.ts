import type { Goal, Result, RunEventBody } from "@assay/sdk";
import type { z } from "zod";
import type { Budget, RunId, Spending } from "#domain";
import type { Delegated, Delegation } from "#ports";
import type { EditableInput } from "./step-input.ts";
import type { Workflow } from "./workflow.ts";

/** What a workflow may journal itself; everything else is the engine's to write. */
export type EmittedEvent = Extract<
  RunEventBody,
  {
    type:
      | "project-detected"
      | "failures-classified"
      | "flakes-quarantined"
      | "proposer-chosen"
      | "agent-asked"
      | "model-asked"
      | "candidates-tried"
      | "council-ranked"
      | "person-asked"
      | "person-answered"
      | "candidate-proposed"
      | "evidence-recorded"
      | "change-examined"
      | "guardrails-scanned"
      | "verdict-reached"
      | "artifact-written"
      | "problem-evaluated"
      | "violation-found"
      | "violation-explored"
      | "plan-made"
      | "task-finished"
      | "note";
  }
>;

/**
 * A worst case set aside. Settled once, with what was really spent, also when the work failed; unsettled it stays set aside until
 * this execution ends. What was spent before a crash and not settled is not known afterwards.
 */
export type Reservation = { settle(spent: Partial<Spending>): Promise<void> };

/** How long a person has, from when the run came to the question. */
export type SignalOptions = { deadlineMs: number };

export type Answer<T> = { kind: "answered"; value: T } | { kind: "expired" };

export type AllOptions = {
  /** How many run at the same time. Default 4. */
  concurrency?: number;
};

type Branches = readonly (() => Promise<unknown>)[];
type BranchResults<B extends Branches> = { -readonly [K in keyof B]: Awaited<ReturnType<B[K]>> };

/**
 * What a workflow works through. Every key is unique in its run and the same on every replay; a key used twice is a defect.
 * All of these throw a `FaultError` when the run cannot go on (interrupted, cancelled, taken over, journal not writable); let it pass.
 */
export interface Run {
  readonly id: RunId;
  /** Aborted on Ctrl-C, on cancellation and when another process took the run; hand it to what a step starts. */
  readonly abort: AbortSignal;
  /** The folder, absolute, outside of which nothing is read or written where the goal says; `undefined`: anywhere. */
  readonly writesWithin: string | undefined;

  /**
   * Records the result of `fn` and returns the recorded one on replay, without calling `fn`.
   * - The result travels through JSON (and `schema`, where given) the first time too. Over 8 MiB it is kept as a blob.
   * - `input` is everything the result depends on besides recorded results; its digest is recorded, and a replay with
   *   another input stops with `workflow-changed`. One made by `editable` may be replaced in a fork of the run: `fn` is handed what
   *   is in force.
   * - A `FaultError` of disposition `retry` is tried again with back-off, at most 3 more times; then it is thrown.
   *   A terminal one is recorded and thrown again on replay. Anything else is not recorded: `fn` runs again on resume.
   */
  step<T, I = unknown>(
    key: string,
    input: I | EditableInput<I>,
    fn: (signal: AbortSignal, input: I) => Promise<T> | T,
    schema?: z.ZodType<T>,
  ): Promise<T>;

  /** Runs all branches, some at a time, and waits for all of them; then throws the first failure by order, if any. */
  all<const B extends Branches>(branches: B, options?: AllOptions): Promise<BranchResults<B>>;

  /** A unit of work of its own: the keys inside are prefixed with `name/`. */
  task<T>(name: string, fn: (run: Run) => Promise<T>): Promise<T>;

  /** Within a step that does nothing itself but waits for what else this run does: while that waits for workers, so does it. */
  idle<T>(wait: () => Promise<T>): Promise<T>;

  /**
   * Hands a unit of work to a worker and waits for its result, as a step: a replay has the recorded one, and a run that was taken up
   * again goes on with the claim that there was. An output that `schema` refuses is a try without a result.
   * Where no workers are served the run pauses, to be resumed where they are.
   */
  delegate<T>(key: string, work: Delegation, schema: z.ZodType<T>): Promise<Delegated<T>>;

  /**
   * A run of its own for a part of this one, executed to its end; on replay what it came to. It has a journal, a report and limits of
   * its own: `budget`, and where that says nothing, all that this run has left; they are set aside until it has ended. Throws
   * `budget-exhausted` where this run does not hold them, and what the child is paused by where it cannot go on: going on with this
   * run goes on with that one. Ends with this run where this one is cancelled.
   */
  child(key: string, workflow: Workflow, goal: Goal, budget?: Partial<Budget>): Promise<Result>;

  /** The value a person sent under this name (in a task: `task/name`), parsed by `schema`; pauses the run with `waiting-for-signal` until there is one. */
  signal<T>(name: string, schema: z.ZodType<T>): Promise<T>;
  /** The same, until `deadlineMs` after it was reached first; a run that is paused then notices when it is resumed. */
  signal<T>(name: string, schema: z.ZodType<T>, options: SignalOptions): Promise<Answer<T>>;

  /** Waits until `ms` after the first time it was reached, whatever happens to the process meanwhile. */
  sleep(key: string, ms: number): Promise<void>;

  /** Milliseconds since the Unix epoch, when this key was reached first. */
  now(key: string): Promise<number>;

  /** True for runs that had not come this far when the change named `id` was made; the same on every replay. */
  patched(id: string): Promise<boolean>;

  /** Journals an event exactly once. The event is made of recorded results alone, so that a replay makes the same one. */
  emit(event: EmittedEvent): Promise<void>;

  /**
   * Sets the worst case aside before work; throws `budget-exhausted` when the budget does not hold it: uncaught it pauses
   * the run, to be resumed with more. `scope` is a key.
   */
  reserve(scope: string, worstCase: Partial<Spending>): Promise<Reservation>;

  readonly budget: {
    /** As given for this execution: never part of a step's input, since a resume may bring more. */
    readonly total: Budget;
    /** Settled so far by this workflow's code; the same at the same place of every replay. */
    spent(): Spending;
    remaining(): Budget;
    /**
     * What is left and not set aside by anybody at this moment. Others that run at the same time change it: not the same on every
     * replay, so never part of a step's input.
     */
    unreserved(): Budget;
  };
}
