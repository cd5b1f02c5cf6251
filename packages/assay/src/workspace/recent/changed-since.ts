import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { raise } from "#domain";
import type { Snapshot } from "#ports";
import { copiesAtOnce } from "../bounds.ts";
import { eachBounded } from "../files/each-bounded.ts";
import { blobsOf } from "../files/list-project.ts";
import { gitBlobId } from "../files/read-entry.ts";
import { safeGit } from "../safe-git.ts";

export type ChangedFile = {
  path: string;
  /** Undefined: the file was added since. */
  before: { content: Buffer; executable: boolean } | undefined;
  /** It differs from the commit checked out, too. */
  uncommitted: boolean;
};

/** Files compared at most; more means that the revision is not recent. */
const changedMax = 2000;

/** The full id of a commit; an unknown revision is the fault `usage`. */
export async function resolveCommit(root: string, revision: string): Promise<string> {
  const remedy = "name a commit, branch or tag of this repository, e.g. HEAD~1";
  if (revision === "" || revision.startsWith("-") || revision.length > 256) {
    raise("usage", `${JSON.stringify(revision.slice(0, 80))} is not a revision`, remedy);
  }
  const found = await safeGit(root, "rev-parse", ["--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]);
  if (found.kind === "ok") return found.stdout.toString().trim();
  if (found.kind === "absent") raise("tool-missing", "git is not installed", "install git: apt install git");
  raise("usage", `there is no revision ${JSON.stringify(revision)} in ${root}`, remedy);
}

/** The files of a snapshot that differ from a commit's, by content, with what the commit has. Runs no diff, filter or textconv. */
export async function changedSince(snapshot: Snapshot, commit: string): Promise<ChangedFile[]> {
  const then = await blobs(snapshot, commit);
  const head = snapshot.git === undefined ? then : await blobs(snapshot, snapshot.git.commit);
  const now = await blobIds(snapshot, [...then.values()][0]?.length ?? 40);
  const left = new Set(snapshot.excluded.map(({ path }) => path));
  const paths = [...new Set([...then.keys(), ...now.keys()])]
    .filter((path) => then.get(path) !== now.get(path) && !left.has(path))
    .sort();
  if (paths.length > changedMax) {
    raise("usage", `more than ${changedMax} files changed since that revision`, "name a more recent revision");
  }
  const contents = await blobContents(snapshot.root, [...new Set(paths.flatMap((path) => then.get(path) ?? []))]);
  return paths.map((path) => {
    const content = contents.get(then.get(path) ?? "");
    return {
      path,
      before: content && { content, executable: false },
      uncommitted: head.get(path) !== now.get(path),
    };
  });
}

async function blobs(snapshot: Snapshot, commit: string): Promise<Map<string, string>> {
  return (await blobsOf(snapshot.root, commit)) ?? raise("workspace-failed", `git cannot read the files of ${commit}`);
}

async function blobIds(snapshot: Snapshot, idLength: number): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  await eachBounded(snapshot.files, copiesAtOnce, async (path) => {
    ids.set(path, gitBlobId(await readFile(join(snapshot.directory, path)), idLength));
  });
  return ids;
}

async function blobContents(root: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  if (ids.length === 0) return contents;
  const read = await safeGit(root, "cat-file", ["--batch"], `${ids.join("\n")}\n`);
  if (read.kind !== "ok") raise("workspace-failed", "git cannot read the changed files' earlier contents");
  for (let at = 0; at < read.stdout.length; ) {
    const end = read.stdout.indexOf(10, at);
    const [id, type, size] = read.stdout.toString("latin1", at, end < 0 ? undefined : end).split(" ");
    if (end < 0 || id === undefined || type !== "blob") raise("workspace-failed", `git cannot read the object ${id}`);
    contents.set(id, read.stdout.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return contents;
}
