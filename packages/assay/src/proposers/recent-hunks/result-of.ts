import { attemptName, runId } from "#domain";
import type { ProposalRequest, Workspaces } from "#ports";
import type { HunkTrial } from "./hunk-trials.ts";

/** The changed files after the edits; `undefined` when they do not apply, touch the oracle, or remove a file. */
export async function resultOf(
  { edits }: HunkTrial,
  request: ProposalRequest,
  workspaces: Workspaces,
): Promise<Record<string, string> | undefined> {
  const own = runId(`hunks-${request.snapshot.digest.slice(-16)}${process.pid.toString(36)}`);
  await using workspace = await workspaces.open(request.snapshot, attemptName(request.run ?? own, "hunks", "apply"));
  const applied = await workspace.apply(edits);
  if (applied.kind === "failed") return undefined;
  const oracle = new Set(request.profile.oracleFiles);
  const files: Record<string, string> = {};
  for (const path of applied.changed) {
    const text = oracle.has(path) ? undefined : await workspace.read(path);
    if (text === undefined) return undefined;
    files[path] = text;
  }
  return files;
}
