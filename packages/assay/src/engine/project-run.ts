import type { Fault, Goal, Result, RunEvent } from "@assay/sdk";
import { addSpending, nothingSpent, type Spending } from "#domain";
import { abandonedSpending } from "./abandoned.ts";

/** `queued`: begun and not claimed yet. `running`: claimed by a process, which may be dead by now. */
export type RunStatus = "queued" | "running" | "paused" | "finished" | "cancelled";

export type RunState = {
  status: RunStatus;
  workflow?: { name: string; version: number };
  goal?: Goal;
  /** Who claimed the run last. */
  owner?: string;
  /** The run that it is a part of, and its key there. */
  parent?: { run: string; key: string };
  /** The run that it repeats up to a step. */
  forkedFrom?: { run: string; step: string };
  /** Runs that are a part of it, in the order in which they were begun. */
  children: string[];
  /** Keys of finished steps, in order. */
  steps: string[];
  /** 0: the run is unknown. */
  lastSeq: number;
  spent: Spending;
  /** Why it is paused. */
  fault?: Fault;
  result?: Result;
};

/** What a run's events say about it. Pure. */
export function project(events: readonly RunEvent[]): RunState {
  const state = unknownRun();
  for (const event of events) advance(state, event);
  // One that was given more is told again.
  state.children = [...new Set(state.children)];
  state.spent = addSpending(state.spent, abandonedSpending(events));
  return state;
}

/** Before its first event. */
export function unknownRun(): RunState {
  return { status: "queued", steps: [], children: [], lastSeq: 0, spent: nothingSpent };
}

/** What the next event says about a run; what it abandoned is in `project` alone. */
export function advance(state: RunState, event: RunEvent): void {
  state.lastSeq = event.seq;
  switch (event.type) {
    case "run-started":
      state.workflow = { name: event.workflow, version: event.workflowVersion };
      state.goal = event.goal;
      if (event.parent !== undefined) state.parent = event.parent;
      return;
    case "run-forked":
      state.forkedFrom = { run: event.from, step: event.step };
      return;
    case "child-started":
      state.children.push(event.child);
      return;
    case "lease-claimed":
      state.status = "running";
      state.owner = event.owner;
      delete state.fault;
      return;
    case "step-finished":
      state.steps.push(event.key);
      return;
    case "budget-settled":
      state.spent = addSpending(state.spent, event.spent);
      return;
    case "run-paused":
      state.status = "paused";
      state.fault = event.fault;
      return;
    case "run-cancelled":
      state.status = "cancelled";
      return;
    case "result": {
      const { seq: _seq, at: _at, runId: _runId, ...result } = event;
      state.result = result;
      if (state.status !== "cancelled") state.status = "finished";
      return;
    }
    default:
      return;
  }
}

/** Limits by name, as they were given last: at the start, or when the run was taken up again with others. */
export function lastBudget(events: readonly RunEvent[]): Readonly<Record<string, number>> | undefined {
  const given = events.findLast(
    (event) => (event.type === "run-started" || event.type === "lease-claimed") && event.budget !== undefined,
  );
  return given?.type === "run-started" || given?.type === "lease-claimed" ? given.budget : undefined;
}
