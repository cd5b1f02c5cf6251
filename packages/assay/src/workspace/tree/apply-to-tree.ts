import { access, rm } from "node:fs/promises";
import type { Fault } from "@assay/sdk";
import { FaultError, fault } from "#domain";
import type { Snapshot } from "#ports";
import { applyEdits } from "../edits/apply-edits.ts";
import type { FileState } from "../edits/file-state.ts";
import { stateFault } from "../faults.ts";
import { readState } from "../files/read-state.ts";
import { type Intent, readIntent, removeIntent, type TreeChange, writeIntent } from "./intent.ts";
import { freshName } from "./prepare-file.ts";
import { writeTree } from "./write-tree.ts";

export type AppliedToTree = { kind: "applied"; changed: string[] } | { kind: "refused"; fault: Fault };

/**
 * Writes a diff to the user's tree. The intent is recorded first, whole: a crash between two files is made good by
 * the next call, which finds each file as it was or as it shall be and writes what is left. Contract: `Workspaces.applyToTree`.
 */
export async function applyToTree(stateDirectory: string, snapshot: Snapshot, diff: string): Promise<AppliedToTree> {
  try {
    const intent = await plan(snapshot, diff);
    const interrupted = await readIntent(stateDirectory);
    if (interrupted !== undefined) await finish(stateDirectory, interrupted);
    if (intent.changes.length > 0) await carryOut(stateDirectory, intent);
    return { kind: "applied", changed: intent.changes.map(({ path }) => path).sort() };
  } catch (error) {
    if (error instanceof FaultError) return { kind: "refused", fault: error.fault };
    throw error;
  }
}

async function plan(snapshot: Snapshot, diff: string): Promise<Intent> {
  const read = (path: string) => readState(snapshot.directory, path);
  await access(snapshot.directory).catch((error) => {
    throw stateFault(`reading the snapshot ${snapshot.digest}`, error);
  });
  if (diff === "") return { version: 1, root: snapshot.root, changes: [] };
  const applied = await applyEdits([{ kind: "diff", diff }], read);
  if (applied.kind === "failed") {
    const said = applied.problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
    throw new FaultError(fault("patch-rejected", `the diff does not apply to the snapshot: ${said.slice(0, 1000)}`));
  }
  const changes: TreeChange[] = [];
  for (const [path, after] of applied.changes) {
    const found = await read(path);
    changes.push({ path, before: found.kind === "file" ? found.state : null, after: after ?? null });
  }
  return { version: 1, root: snapshot.root, changes };
}

async function carryOut(stateDirectory: string, intent: Intent): Promise<void> {
  const left = await stillToWrite(intent);
  if (left.length === 0) return removeIntent(stateDirectory);
  try {
    await writeIntent(stateDirectory, intent);
  } catch (error) {
    throw stateFault("recording what will be written to the project", error);
  }
  await writeTree(intent.root, left);
  await removeIntent(stateDirectory);
}

/**
 * Ends the interrupted write of this or another change. Where somebody touched the files since, they are left as they
 * are and the fault is told once: what may be done now only a person can say.
 */
async function finish(stateDirectory: string, intent: Intent): Promise<void> {
  try {
    await writeTree(intent.root, await stillToWrite(intent));
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== "tree-changed") throw error;
    for (const { path } of intent.changes) await rm(freshName(intent.root, path), { force: true }).catch(() => {});
    await removeIntent(stateDirectory);
    const message = `an earlier run was interrupted while it wrote to the project, and ${error.fault.message}`;
    throw new FaultError(fault("tree-changed", message, "compare the project with your version control"));
  }
  await removeIntent(stateDirectory);
}

/** The changes not made yet; a file that is neither as before nor as after is the fault `tree-changed`. */
async function stillToWrite({ root, changes }: Intent): Promise<TreeChange[]> {
  const left: TreeChange[] = [];
  const foreign: string[] = [];
  for (const change of changes) {
    const found = await readState(root, change.path);
    const now = found.kind === "file" ? found.state : null;
    if (found.kind === "refused") foreign.push(`${change.path} (${found.reason})`);
    else if (same(now, change.after)) continue;
    else if (same(now, change.before)) left.push(change);
    else foreign.push(change.path);
  }
  if (foreign.length === 0) return left;
  throw new FaultError(
    fault(
      "tree-changed",
      `files have changed since the run began: ${foreign.slice(0, 10).join(", ")}`,
      "look at the patch and apply it by hand, or run again on the project as it is now",
    ),
  );
}

function same(a: FileState | null, b: FileState | null): boolean {
  return a === null || b === null ? a === b : a.text === b.text && a.executable === b.executable;
}
