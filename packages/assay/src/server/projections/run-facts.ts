import type { ApprovalView, BudgetView, Digest, RunDetail, RunEvent, TaskView } from "@assay/sdk";
import { awaitsApproval } from "#app";
import { project, type RunState } from "#engine";
import { budgetView } from "./budget-view.ts";
import { goalIdOf } from "./goal-id.ts";
import { taskViews } from "./task-views.ts";

/** What the API tells of a run, as far as its journal knows it. */
export type RunFacts = {
  state: RunState;
  /** Of its first and its last event. */
  startedAt: number;
  lastEventAt: number;
  /** Absent for a goal that has none. */
  goalId: Digest | undefined;
  budget: BudgetView;
  tasks: TaskView[];
  steps: RunDetail["steps"];
  /** While somebody's approval is waited for. */
  approval: ApprovalView | undefined;
};

export function runFacts(run: string, events: readonly RunEvent[]): RunFacts {
  const state = project(events);
  return {
    state,
    startedAt: events[0]?.at ?? 0,
    lastEventAt: events.at(-1)?.at ?? 0,
    goalId: state.goal === undefined ? undefined : goalIdOf(state.goal),
    budget: budgetView(run, events, state.spent),
    tasks: taskViews(run, events),
    steps: events.flatMap((event) =>
      event.type === "step-finished" ? [{ key: event.key, durationMs: event.durationMs, seq: event.seq }] : [],
    ),
    approval: awaitsApproval(events) ? approvalView(run, events) : undefined,
  };
}

function approvalView(run: string, events: readonly RunEvent[]): ApprovalView {
  const asked = events.findLast((event) => event.type === "person-asked" && event.question === "approval");
  const patch = events.findLast((event) => event.type === "artifact-written" && event.kind === "patch");
  const proposed = events.findLast((event) => event.type === "candidate-proposed");
  const summary = proposed?.type === "candidate-proposed" ? proposed.provenance.summary : "";
  return {
    run,
    askedAt: asked?.at ?? 0,
    summary,
    ...(patch?.type === "artifact-written" ? { patch: patch.digest } : {}),
  };
}
