import type { Result } from "@assay/sdk";
import { faultPolicy } from "#domain";
import type { Run } from "#engine";
import type { Case, Judged } from "../shared/repair/check.ts";
import type { HealGoal, HealTools } from "./tools.ts";

/**
 * Writes an accepted patch to the user's tree, if that was asked for and the tree is still at the base revision.
 * A refusal does not take the verdict back, and the patch is there as a file; but what was asked for was not done.
 */
export async function applyIfAsked(
  run: Run,
  tools: HealTools,
  goal: HealGoal,
  { project: { snapshot } }: Case,
  proven: Judged,
): Promise<Pick<Result, "applied" | "fault"> & { exitCode: number }> {
  if (!goal.apply) return { applied: false, exitCode: 0 };
  tools.progress({ kind: "phase", phase: "apply" });
  const applied = await run.step("apply", { base: snapshot.digest, patch: proven.patch }, () =>
    tools.workspaces.applyToTree(snapshot, proven.diff),
  );
  if (applied.kind === "applied") return { applied: true, exitCode: 0 };
  const { fault } = applied;
  await run.emit({ type: "note", level: "warning", message: `the patch was not applied: ${fault.message}` });
  return { applied: false, fault, exitCode: faultPolicy(fault.code).exitCode };
}
