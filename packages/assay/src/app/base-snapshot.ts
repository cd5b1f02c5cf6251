import type { Digest } from "@assay/sdk";
import type { Snapshot, Workspaces } from "#ports";
import { reverseDiff } from "#workspace";

/** Where a project stands against a base revision and a patch for it. */
export type Standing = { kind: "at-base" | "patched"; base: Snapshot } | { kind: "elsewhere" };

/** The base revision as a snapshot: the tree as it is, or as it would be without the patch. */
export async function baseSnapshot(
  workspaces: Workspaces,
  root: string,
  wanted: Digest,
  diff: string,
): Promise<Standing> {
  const now = await workspaces.snapshot(root);
  if (now.digest === wanted) return { kind: "at-base", base: now };
  const before = await workspaces.derive(now, [{ kind: "diff", diff: reverseDiff(diff) }]);
  if (before.kind === "failed" || before.snapshot.digest !== wanted) return { kind: "elsewhere" };
  return { kind: "patched", base: before.snapshot };
}
