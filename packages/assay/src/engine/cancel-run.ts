import type { Result } from "@assay/sdk";
import { FaultError, type RunId, raise, runId } from "#domain";
import type { Journal } from "#ports";
import { appendAnywhere, readRun } from "./append-anywhere.ts";
import { project } from "./project-run.ts";
import { refuseIfFinished } from "./recorded-end.ts";

/**
 * Ends a run for good, and all that are a part of it; a process that executes it stops at its next checkpoint. Gives the run's
 * result, also if it was finished.
 */
export async function cancelRun(journal: Journal, run: RunId, by: string): Promise<Result> {
  try {
    await appendAnywhere(journal, run, (state) => {
      refuseIfFinished(run, state);
      const summary = `cancelled by ${by}`;
      return {
        idempotencyKey: "cancel",
        events: [
          { type: "run-cancelled", by },
          { type: "result", outcome: "cancelled", exitCode: 130, summary },
        ],
      };
    });
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== "run-finished") throw error;
  }
  const { result, children } = project(await readRun(journal, run));
  for (const child of children) await cancelPart(journal, runId(child), `the cancellation of run ${run}`);
  return result ?? raise("journal-conflict", `run ${run} could not be cancelled`, "try again");
}

export async function cancelPart(journal: Journal, child: RunId, by: string): Promise<void> {
  try {
    await cancelRun(journal, child, by);
  } catch (error) {
    // Told of and not made yet: whoever executes its parent ends it.
    if (!(error instanceof FaultError) || error.fault.code !== "run-not-found") throw error;
  }
}
