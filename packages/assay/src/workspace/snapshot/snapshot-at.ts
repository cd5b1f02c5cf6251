import { join } from "node:path";
import { raise } from "#domain";
import { digestOf, type Snapshot } from "#ports";
import { alwaysExcluded } from "#syntax";
import { projectBounds } from "../bounds.ts";
import type { Exclusion } from "../files/list-project.ts";
import type { ReadEntry } from "../files/read-entry.ts";
import { resolveCommit } from "../recent/changed-since.ts";
import { safeGit } from "../safe-git.ts";
import { buildSnapshot } from "./build-snapshot.ts";
import { snapshotDigest } from "./manifest.ts";
import { projectRoot } from "./project-root.ts";
import { snapshotPlace } from "./snapshot-place.ts";
import { treeOf } from "./tree-of.ts";

type Read = ReadEntry & { kind: "file" | "link" };

/** The tracked files of a commit below `directory`, as git stores them: no filter, hook or working tree is involved. */
export async function snapshotAt(
  stateDirectory: string,
  directory: string,
  owner: number,
  revision: string,
): Promise<Snapshot> {
  const root = await projectRoot(directory);
  await refuseWithoutGit(root);
  const commit = await resolveCommit(root, revision);
  const excluded: Exclusion[] = [];
  const entries: Read[] = [];
  const listed = await treeOf(root, commit);
  if (listed.length === 0) raise("not-a-project", `${revision} has no files below ${root}`, "name another revision");
  if (listed.length > projectBounds.filesMax) {
    raise("not-a-project", `${revision} has more than ${projectBounds.filesMax} files`, "name a smaller folder");
  }
  const contents = await contentsOf(
    root,
    listed.map(({ id }) => id),
  );
  for (const { path, mode, id } of listed) {
    const reason = mode === "160000" ? "a git repository of its own" : alwaysExcluded(path);
    const content = contents.get(id);
    const version = `${mode} ${id}`;
    if (reason !== undefined) excluded.push({ path, reason, version });
    else if (content === undefined) raise("workspace-failed", `git cannot read ${path} of ${revision}`);
    else if (content.length > projectBounds.fileBytesMax) excluded.push({ path, reason: "too large", version });
    else if (mode !== "120000") {
      const entry = { kind: "file" as const, path, executable: mode === "100755", bytes: content.length };
      entries.push({ kind: "file", entry: { ...entry, digest: digestOf(content) }, content });
    } else if (leadsOut(path, content.toString()))
      excluded.push({ path, reason: "a link out of the project", version });
    else entries.push({ kind: "link", entry: { kind: "link", path, target: content.toString() } });
  }
  entries.sort((a, b) => (a.entry.path < b.entry.path ? -1 : 1));
  const all = entries.map(({ entry }) => entry);
  await buildSnapshot(stateDirectory, owner, async (visit) => {
    for (const entry of entries) await visit(entry);
    return { entries: all, excluded, dirty: false };
  });
  const digest = snapshotDigest(all);
  return {
    digest,
    root,
    directory: join(snapshotPlace(stateDirectory, digest), "tree"),
    files: all.filter(({ kind }) => kind === "file").map(({ path }) => path),
    git: { commit, dirty: false },
    excluded,
  };
}

async function refuseWithoutGit(root: string): Promise<void> {
  const found = await safeGit(root, "rev-parse", ["--git-dir"]);
  if (found.kind === "absent") raise("tool-missing", "git is not installed", "install git: apt install git");
  if (found.kind === "failed") {
    raise("not-a-project", `${root} is not in a git repository`, "name a folder that is: git -C DIR status");
  }
}

/** Contents by blob id. A commit within a submodule is not there, and is not asked for. */
async function contentsOf(root: string, ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const wanted = [...new Set(ids)];
  const contents = new Map<string, Buffer>();
  const read = await safeGit(root, "cat-file", ["--batch"], `${wanted.join("\n")}\n`);
  if (read.kind !== "ok") {
    raise("workspace-failed", "git cannot read the files of that revision", "is the clone shallow or damaged?");
  }
  for (let at = 0; at < read.stdout.length; ) {
    const end = read.stdout.indexOf(10, at);
    if (end < 0) raise("workspace-failed", "git's answer ends in the middle of a file");
    const [id = "", type, size] = read.stdout.toString("latin1", at, end).split(" ");
    if (type === "missing") {
      at = end + 1;
      continue;
    }
    const bytes = Number(size);
    if (type === "blob") contents.set(id, read.stdout.subarray(end + 1, end + 1 + bytes));
    at = end + 1 + bytes + 1;
  }
  return contents;
}

/** Judged by its text: what it leads to exists only in this tree. */
function leadsOut(path: string, target: string): boolean {
  if (target.startsWith("/") || target.includes("\0")) return true;
  let depth = path.split("/").length - 1;
  for (const part of target.split("/")) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
