import { readFile } from "node:fs/promises";
import type { Result } from "@assay/sdk";
import { faultPolicy, raise } from "#domain";
import { digestOf, type Workspaces } from "#ports";
import { baseSnapshot } from "./base-snapshot.ts";

/**
 * Writes the patch of an accepted run to the project's tree, if that is at the run's base revision now. Any other result, and
 * one that is applied already, comes back as it is.
 * Faults: `receipt-mismatch` for a patch file that was changed since, `tree-changed` where the tree is elsewhere.
 */
export async function applyAccepted(root: string, workspaces: Workspaces, result: Result): Promise<Result> {
  const { patch, base } = result;
  // Its own run did not apply it for what was found out about a worker since: that does not pass.
  if (result.fault?.code === "worker-revoked") return result;
  if (result.outcome !== "accepted" || result.applied || patch === undefined || base === undefined) return result;
  if (result.solution !== undefined) {
    raise("usage", "a solution is no change of the project", `copy it to where it belongs: ${result.solution.path}`);
  }
  const diff = await readFile(patch.path, "utf8");
  if (digestOf(diff) !== patch.digest) {
    raise("receipt-mismatch", `${patch.path} is not the patch that was proven`, "take the one in the bundle");
  }
  const standing = await baseSnapshot(workspaces, root, base, diff);
  // An earlier refusal is over once the patch is there.
  const { fault: _refused, ...accepted } = result;
  const done: Result = { ...accepted, applied: true, exitCode: 0 };
  if (standing.kind === "patched") return done;
  if (standing.kind === "elsewhere") {
    raise("tree-changed", `${root} is not at the revision that was proven`, "heal it as it is now: assay heal");
  }
  const applied = await workspaces.applyToTree(standing.base, diff);
  if (applied.kind === "applied") return done;
  const { fault } = applied;
  return { ...result, applied: false, fault, exitCode: faultPolicy(fault.code).exitCode };
}
