import type { RunEvent } from "@assay/sdk";
import type { Budget, RunId } from "#domain";
import { canonicalJson, type Journal } from "#ports";
import type { Activity } from "./admission/activity.ts";
import { beginRun } from "./begin-run.ts";
import { cancelPart } from "./cancel-run.ts";
import type { ChildRuns } from "./child-run.ts";
import type { RunEnd } from "./execute.ts";
import { lastBudget, project } from "./project-run.ts";
import type { Workflow } from "./workflow.ts";

export type ChildRunsParts = {
  journal: Journal;
  assayVersion: string;
  newRun(workflow: string): RunId;
  /** Goes on with a part that was begun, within the run that it is a part of. */
  resume(
    child: RunId,
    before: readonly RunEvent[],
    options: { workflow: Workflow; abort: AbortSignal; activity: Activity; budget?: Budget },
  ): Promise<RunEnd>;
};

/** How the runs that are a part of one are begun, gone on with and ended. */
export function childRuns(parts: ChildRunsParts): ChildRuns {
  const { journal } = parts;
  return {
    newRun: parts.newRun,
    pausedBy: async (child) => project(await journal.read(child)).fault,
    execute: async ({ child, workflow, goal, budget, ...within }, abort, activity) => {
      const events = await beginRun({ ...parts, ...within, run: child, workflow, goal, budget });
      // Its claim tells limits only where they are others than it began with.
      const granted = canonicalJson(budget) === canonicalJson(lastBudget(events) ?? null) ? {} : { budget };
      const end = await parts.resume(child, events, { workflow, abort, activity, ...granted });
      return { end, spent: project(await journal.read(child)).spent };
    },
    cancel: (child, by) => cancelPart(journal, child, by),
  };
}
