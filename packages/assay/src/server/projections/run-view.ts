import type { Fault, RunView } from "@assay/sdk";
import type { ListedRun } from "#app";
import type { RunState } from "#engine";
import type { RunSummary } from "#ports";

/** As far as a list shows it. */
export type RunStanding = Pick<RunState, "parent" | "workflow" | "result" | "fault"> & {
  steps: { readonly length: number };
};

/** What this process does for a run, or last did for it. */
export type RunHere = {
  drive?: { state: "queued" | "running"; now: string | undefined } | undefined;
  /** What kept its last drive from beginning. */
  fault?: Fault | undefined;
};

/** How a run stands: its journal says what it came to, this process whether it goes on. Pure. */
export function runView(
  summary: RunSummary,
  known:
    | { kind: "readable"; facts: { state: RunStanding }; status: ListedRun["status"] }
    | { kind: "unreadable"; fault: Fault },
  here: RunHere,
): RunView {
  const { run, startedAt, lastEventAt, events } = summary;
  const common = { run, startedAt, lastEventAt, events };
  if (known.kind === "unreadable") return { ...common, status: "unreadable", summary: known.fault.message };
  const { state } = known.facts;
  const { drive, fault } = here;
  const said = state.result?.summary ?? fault?.message ?? state.fault?.message ?? stepsFinished(state.steps.length);
  return {
    ...common,
    ...(state.parent === undefined ? {} : { partOf: state.parent.run }),
    ...(state.workflow === undefined ? {} : { workflow: state.workflow.name }),
    status: drive?.state ?? (fault === undefined ? known.status : blocked(known.status)),
    ...(state.result === undefined ? {} : { outcome: state.result.outcome }),
    summary: said,
    ...(drive?.now === undefined ? {} : { now: drive.now }),
  };
}

/** It does not go on by itself before the daemon starts again. */
function blocked(status: ListedRun["status"]): ListedRun["status"] {
  return status === "queued" || status === "running" || status === "interrupted" ? "paused" : status;
}

function stepsFinished(count: number): string {
  return `${count} step${count === 1 ? "" : "s"} finished`;
}
