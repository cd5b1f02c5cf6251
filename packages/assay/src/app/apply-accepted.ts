import { readFile } from "node:fs/promises";
import type { Result } from "@assay/sdk";
import { faultPolicy, raise } from "#domain";
import { digestOf, type Workspaces } from "#ports";

/**
 * Writes the patch of a finished, accepted run to the project's tree, if that is at the run's base revision now.
 * Faults: `patch-rejected` for a run that proved nothing, `receipt-mismatch` for a patch file that was changed since,
 * `tree-changed` where the tree is elsewhere.
 */
export async function applyAccepted(root: string, workspaces: Workspaces, result: Result): Promise<Result> {
  const { patch, base } = result;
  if (result.outcome !== "accepted" || patch === undefined || base === undefined) {
    raise("patch-rejected", "this run has no accepted patch to apply");
  }
  const diff = await readFile(patch.path, "utf8");
  if (digestOf(diff) !== patch.digest) {
    raise("receipt-mismatch", `${patch.path} is not the patch that was proven`, "take the one in the bundle");
  }
  const snapshot = await workspaces.snapshot(root);
  if (snapshot.digest !== base) {
    raise("tree-changed", `${root} is not at the revision that was proven`, "heal it as it is now: assay heal");
  }
  const applied = await workspaces.applyToTree(snapshot, diff);
  if (applied.kind === "applied") return { ...result, applied: true };
  const { fault } = applied;
  return { ...result, applied: false, fault, exitCode: faultPolicy(fault.code).exitCode };
}
