import type { Digest, Fault, Goal, RunEvent } from "@assay/sdk";
import { type RunId, raise } from "#domain";
import { advance, type RunState, type RunStatus, unknownRun } from "#engine";
import type { RunSummary } from "#ports";
import { goalIdOf } from "../projections/goal-id.ts";
import type { RunStanding } from "../projections/run-view.ts";

/** What lists show of a run, and by what they find it. */
export type RunRow = {
  summary: RunSummary;
  status: RunStatus;
  /** Who claimed it last, and where. */
  owner: string | undefined;
  claimedAt: number;
  /** It goes with another run. */
  isPart: boolean;
  goalId: Digest | undefined;
  goal: Goal | undefined;
  standing: RunStanding;
  /** Somebody's approval was asked for; whether it is waited for still is the run's facts' to say. */
  asksApproval: boolean;
  hasTasks: boolean;
  /** Why it cannot be read. */
  unreadable?: Fault;
};

const taskTypes: ReadonlySet<RunEvent["type"]> = new Set([
  "plan-made",
  "child-started",
  "task-queued",
  "task-claimed",
  "task-finished",
]);

export function newRow(run: RunId): RunRow {
  return {
    summary: { run, events: 0, startedAt: 0, lastEventAt: 0 },
    status: "queued",
    owner: undefined,
    claimedAt: 0,
    isPart: false,
    goalId: undefined,
    goal: undefined,
    standing: unknownRun(),
    asksApproval: false,
    hasTasks: false,
  };
}

/** What the run's next event changes in its row. Throws `journal-corrupt` for what no assay takes as a goal any more. */
export function advanceRow(row: RunRow, event: RunEvent): void {
  const { summary, standing } = row;
  if (event.seq === 1) summary.startedAt = event.at;
  summary.events = event.seq;
  summary.lastEventAt = event.at;
  if (taskTypes.has(event.type)) row.hasTasks = true;
  if (event.type === "lease-claimed") row.claimedAt = event.seq;
  if (event.type === "person-asked" && event.question === "approval") row.asksApproval = true;
  // What follows a run's result changes nothing of it.
  if (isWhole(standing)) advanceStanding(row, standing, event);
}

function advanceStanding(row: RunRow, state: RunState, event: RunEvent): void {
  advance(state, event);
  row.status = state.status;
  row.owner = state.owner;
  row.isPart = state.parent !== undefined;
  if (event.type === "run-started") {
    row.goal = event.goal;
    row.goalId = goalIdOf(event.goal);
    if (row.goalId === undefined) raise("journal-corrupt", "its goal has no canonical form", "assay doctor --journal");
  }
  if (state.result === undefined) return;
  // Its steps' names are of no use any more: thousands of runs are kept.
  const { parent, workflow, result, fault, steps } = state;
  row.standing = {
    ...(parent === undefined ? {} : { parent }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(fault === undefined ? {} : { fault }),
    result,
    steps: { length: steps.length },
  };
}

function isWhole(standing: RunStanding): standing is RunState {
  return "spent" in standing;
}
