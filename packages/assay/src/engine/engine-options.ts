import type { RunEvent, TraceContext } from "@assay/sdk";
import type { Budget, RetryPolicy } from "#domain";
import type { Blobs, Journal, Owners } from "#ports";
import type { RunSlot } from "./admission/run-slot.ts";
import type { Circuits } from "./circuits/circuits.ts";
import type { Clock, Every } from "./clock.ts";
import type { LendingQueue } from "./queue/task-pen.ts";
import type { Workflow } from "./workflow.ts";

export type EngineOptions = {
  journal: Journal;
  blobs: Blobs;
  owners: Owners;
  assayVersion: string;
  /** What `resume` finds by name. */
  workflows?: readonly Workflow[];
  clock?: Clock;
  /** The clock's other half. */
  every?: Every;
  /** In [0, 1). */
  random?: () => number;
  retry?: RetryPolicy;
  /** How often a running run looks for a cancellation or a signal while a step takes long. Default 500. */
  pollMs?: number;
  /** What `run.delegate` offers tasks to; absent: no workers are served here. */
  queue?: LendingQueue;
  /** Circuit breakers that outlive runs: they are told how steps go, and refuse some. */
  circuits?: Circuits;
};

/** With the defaults filled in. */
export type EngineParts = Required<Omit<EngineOptions, "queue" | "circuits">> &
  Pick<EngineOptions, "queue" | "circuits">;

export type ExecuteOptions = {
  /** Start: the default is `defaultHealBudget`. Resume: the default is what the run was started with. */
  budget?: Budget;
  /** Every event appended from now on, in order, also of the runs that are a part of it; never a replayed one. Must not throw. */
  onEvent?: (event: RunEvent) => void;
  /** What the journal held before; once, before the first `onEvent`. */
  onHistory?: (events: readonly RunEvent[]) => void;
  /** Ctrl-C: the run pauses at the next checkpoint, resumable. */
  abort?: AbortSignal;
  /** The run has it when it begins, and is without it while it only waits for workers. Absent: nothing limits how many run. */
  slot?: RunSlot;
};

/** `trace`: of whoever asked for the run. */
export type StartOptions = ExecuteOptions & { trace?: TraceContext | undefined };
