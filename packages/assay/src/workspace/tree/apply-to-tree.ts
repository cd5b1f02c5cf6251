import { access, rm } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import type { Fault } from "@assay/sdk";
import { FaultError, fault } from "#domain";
import type { Snapshot } from "#ports";
import { applyEdits } from "#syntax";
import { stateFault } from "../faults.ts";
import { readState } from "../files/read-state.ts";
import { compareTree } from "./compare-tree.ts";
import { type Intent, readIntent, removeIntent, type TreeChange, writeIntent } from "./intent.ts";
import { freshName } from "./prepare-file.ts";
import { writeTree } from "./write-tree.ts";

export type AppliedToTree = { kind: "applied"; changed: string[] } | { kind: "refused"; fault: Fault };

/** Of the files that differ, so many are named. */
const namedMax = 5;

/**
 * Writes a diff to the user's tree. The intent is recorded first, whole: a crash between two files is made good by
 * the next call for the same change, which writes what is left. What another call began is never carried out by this
 * one: either the tree is at this call's base revision, and the old intent is void, or this call is refused.
 * Contract: `Workspaces.applyToTree`.
 */
export async function applyToTree(stateDirectory: string, snapshot: Snapshot, diff: string): Promise<AppliedToTree> {
  try {
    const intent = await plan(snapshot, diff);
    const interrupted = await interruptedHere(stateDirectory, snapshot);
    const resumes = interrupted !== undefined && isDeepStrictEqual(interrupted, intent);
    const progress = await compare(snapshot, intent);
    if (progress.kind === "overtaken" && resumes) {
      // What may be done now only a person can say, who is told once.
      await discard(stateDirectory, snapshot.root, interrupted);
      throw changedFault(progress.paths, `${begun}, and `, "compare the project with your version control");
    }
    if (progress.kind !== "on-base") throw changedFault(progress.paths, begunBefore(interrupted));
    const { left } = progress;
    const isPart = left.length > 0 && left.length < intent.changes.length;
    if (isPart && !resumes) throw changedFault(made(intent, left), begunBefore(interrupted));
    if (interrupted !== undefined && (left.length > 0 ? !resumes : resumes)) {
      await discard(stateDirectory, snapshot.root, interrupted);
    }
    if (left.length > 0) await carryOut(stateDirectory, intent, left);
    return { kind: "applied", changed: intent.changes.map(({ path }) => path) };
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
  return { version: 1, root: snapshot.root, changes: changes.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** The intent left by an earlier call for this project; that of a project which was copied or moved here is void. */
async function interruptedHere(stateDirectory: string, { root }: Snapshot): Promise<Intent | undefined> {
  const interrupted = await readIntent(stateDirectory);
  if (interrupted === undefined || interrupted.root === root) return interrupted;
  await discard(stateDirectory, root, interrupted);
  return undefined;
}

/** Forgets an intent and removes what it wrote beside its targets; the targets stay as they are. */
async function discard(stateDirectory: string, root: string, { changes }: Intent): Promise<void> {
  for (const { path } of changes) await rm(freshName(root, path), { force: true }).catch(() => {});
  await removeIntent(stateDirectory);
}

async function compare(snapshot: Snapshot, { changes }: Intent): ReturnType<typeof compareTree> {
  try {
    return await compareTree(snapshot, changes);
  } catch (error) {
    if (error instanceof FaultError) throw error;
    const message = `${snapshot.root} cannot be compared with what was proven: ${(error as Error).message}`;
    throw new FaultError(fault("tree-changed", message, "look at the patch and apply it by hand"), { cause: error });
  }
}

async function carryOut(stateDirectory: string, intent: Intent, left: readonly TreeChange[]): Promise<void> {
  try {
    await writeIntent(stateDirectory, intent);
  } catch (error) {
    throw stateFault("recording what will be written to the project", error);
  }
  const written = await writeTree(intent.root, left);
  if (written.kind === "written") return removeIntent(stateDirectory);
  // Where files changed by an earlier call or not taken back remain, the record tells the next call what they are.
  if (written.remaining.length === 0 && left.length === intent.changes.length) await removeIntent(stateDirectory);
  throw written.error;
}

function made({ changes }: Intent, left: readonly TreeChange[]): string[] {
  return changes.filter((change) => !left.includes(change)).map(({ path }) => path);
}

const begun = "an earlier run was interrupted while it wrote to the project";

function begunBefore(interrupted: Intent | undefined): string {
  return interrupted === undefined ? "" : `${begun} (resume it); `;
}

function changedFault(
  paths: readonly string[],
  prefix: string,
  remedy = "look at the patch and apply it by hand, or run again on the project as it is now",
): FaultError {
  const more = paths.length > namedMax ? ` and ${paths.length - namedMax} more` : "";
  const said = `files have changed since the run began: ${paths.slice(0, namedMax).join(", ")}${more}`;
  return new FaultError(fault("tree-changed", prefix + said, remedy));
}
