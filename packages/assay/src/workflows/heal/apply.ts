import type { Fault, Result } from "@assay/sdk";
import { FaultError, faultPolicy } from "#domain";
import type { Run } from "#engine";
import type { Case, Judged } from "../shared/repair/check.ts";
import { refuseRevoked } from "../shared/repair/lock-in-unrevoked.ts";
import { approvalRefused } from "./approval.ts";
import type { HealGoal, HealTools } from "./tools.ts";

/**
 * Writes an accepted patch to the user's tree, if that was asked for, who has to approve it did, and the tree is still at the base
 * revision. To have it approved before it is applied is to ask for that.
 * A refusal does not take the verdict back, and the patch is there as a file; but what was asked for was not done.
 */
export async function applyIfAsked(
  run: Run,
  tools: HealTools,
  goal: HealGoal,
  { project: { snapshot } }: Case,
  proven: Judged,
): Promise<Pick<Result, "applied" | "fault"> & { exitCode: number }> {
  if (!goal.apply && goal.approve === undefined) return { applied: false, exitCode: 0 };
  const refusal = await approvalRefused(run, tools, goal, proven);
  if (refusal !== undefined) return notApplied(run, refusal);
  tools.progress({ kind: "phase", phase: "apply" });
  const applied = await run.step(
    "apply",
    { base: snapshot.digest, patch: proven.patch },
    async () => (await revokedSince(tools, proven)) ?? tools.workspaces.applyToTree(snapshot, proven.diff),
  );
  if (applied.kind === "applied") return { applied: true, exitCode: 0 };
  if (applied.fault.code === "tree-changed") {
    await run.emit({
      type: "violation-found",
      id: "apply.lock",
      kind: "lock",
      step: "apply",
      expected: "the project's files are as they were when the run began",
      observed: applied.fault.message,
      subjects: [],
      evidence: [],
    });
  }
  return notApplied(run, applied.fault);
}

/** It may have waited for its approval for days, after it was signed. */
async function revokedSince(tools: HealTools, proven: Judged): Promise<{ kind: "failed"; fault: Fault } | undefined> {
  try {
    await refuseRevoked(tools, proven);
    return undefined;
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return { kind: "failed", fault: error.fault };
  }
}

async function notApplied(run: Run, fault: Fault): Promise<Pick<Result, "applied" | "fault"> & { exitCode: number }> {
  await run.emit({ type: "note", level: "warning", message: `the patch was not applied: ${fault.message}` });
  return { applied: false, fault, exitCode: faultPolicy(fault.code).exitCode };
}
