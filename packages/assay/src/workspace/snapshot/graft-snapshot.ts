import { join } from "node:path";
import type { Snapshot } from "#ports";
import { filesBelow } from "../attempt/copy-union.ts";
import { copiesAtOnce } from "../bounds.ts";
import { eachBounded } from "../files/each-bounded.ts";
import { DirectoryCheck, type ProjectEntry, readEntry } from "../files/read-entry.ts";
import { buildSnapshot } from "./build-snapshot.ts";
import { snapshotDigest } from "./manifest.ts";
import { snapshotPlace } from "./snapshot-place.ts";

/** The tree `onto` with `paths` as `from` has them. Contract: `Revisions.graft`. */
export async function graftSnapshot(
  stateDirectory: string,
  owner: number,
  onto: Snapshot,
  from: Snapshot,
  paths: readonly string[],
): Promise<Snapshot> {
  const grafted = new Set(paths);
  const kept = (await pathsIn(onto)).filter((path) => !grafted.has(path));
  const taken = (await pathsIn(from)).filter((path) => grafted.has(path));
  const wanted = [
    ...kept.map((path) => ({ path, tree: onto.directory })),
    // What is a folder on one side and a file on the other cannot be both.
    ...taken
      .filter((path) => !kept.some((other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`)))
      .map((path) => ({ path, tree: from.directory })),
  ];
  const { entries } = await buildSnapshot(stateDirectory, owner, async (visit) => {
    const found: ProjectEntry[] = [];
    await eachBounded(wanted, copiesAtOnce, async ({ path, tree }) => {
      const read = readEntry(tree, path, new DirectoryCheck(tree));
      if (read.kind !== "file" && read.kind !== "link") throw new Error(`${path} of a snapshot cannot be read`);
      found.push(read.entry);
      await visit(read);
    });
    return { entries: found.sort((a, b) => (a.path < b.path ? -1 : 1)), excluded: [], dirty: true };
  });
  const digest = snapshotDigest(entries);
  const { git: _commit, ...tree } = onto;
  return {
    ...tree,
    digest,
    directory: join(snapshotPlace(stateDirectory, digest), "tree"),
    files: entries.filter(({ kind }) => kind === "file").map(({ path }) => path),
  };
}

/** Files and links. */
async function pathsIn({ directory }: Snapshot): Promise<string[]> {
  return (await filesBelow(directory)).map(({ path }) => path);
}
