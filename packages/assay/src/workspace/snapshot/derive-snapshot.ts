import { join } from "node:path";
import type { Snapshot } from "#ports";
import { filesOfUnion, type Union } from "../attempt/copy-union.ts";
import { copiesAtOnce } from "../bounds.ts";
import { eachBounded } from "../files/each-bounded.ts";
import { DirectoryCheck, type ProjectEntry, readEntry } from "../files/read-entry.ts";
import { buildSnapshot } from "./build-snapshot.ts";
import { snapshotDigest } from "./manifest.ts";
import type { ReadProject, VisitEntry } from "./read-project.ts";
import { snapshotPlace } from "./snapshot-place.ts";

/** The files of a union as a snapshot of the same project: what a patch makes of it, or what it was before one. */
export async function deriveSnapshot(
  stateDirectory: string,
  owner: number,
  base: Snapshot,
  union: Union,
): Promise<Snapshot> {
  const { entries } = await buildSnapshot(stateDirectory, owner, (visit) => readUnion(union, visit));
  const digest = snapshotDigest(entries);
  return {
    ...base,
    digest,
    directory: join(snapshotPlace(stateDirectory, digest), "tree"),
    files: entries.filter(({ kind }) => kind === "file").map(({ path }) => path),
    ...(base.git && { git: { ...base.git, dirty: true } }),
  };
}

async function readUnion(union: Union, visit: VisitEntry): Promise<ReadProject> {
  const entries: ProjectEntry[] = [];
  await eachBounded(await filesOfUnion(union), copiesAtOnce, async ({ path, from }) => {
    const read = readEntry(from, path, new DirectoryCheck(from));
    if (read.kind !== "file" && read.kind !== "link")
      throw new Error(`${path} of a snapshot cannot be read: ${read.kind}`);
    entries.push(read.entry);
    await visit(read);
  });
  return { entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)), excluded: [], dirty: true };
}
