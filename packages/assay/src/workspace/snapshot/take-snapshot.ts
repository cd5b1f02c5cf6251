import { join } from "node:path";
import type { Snapshot } from "#ports";
import { projectBounds } from "../bounds.ts";
import { listProject, type ProjectListing } from "../files/list-project.ts";
import { tooMany } from "../files/walk.ts";
import { buildSnapshot } from "./build-snapshot.ts";
import { isIntact, snapshotDigest } from "./manifest.ts";
import { projectRoot } from "./project-root.ts";
import { type ReadProject, readProject } from "./read-project.ts";
import { snapshotPlace } from "./snapshot-place.ts";

/**
 * Takes the project at `directory` as it is now, or reuses the snapshot of the same content; its files belong to the
 * uid `owner`. Contract: `Workspaces.snapshot`.
 */
export async function takeSnapshot(stateDirectory: string, directory: string, owner: number): Promise<Snapshot> {
  const root = await projectRoot(directory);
  const listing = await listProject(root);
  if (listing.paths.length > projectBounds.filesMax) tooMany(root);
  const seen = await readProject(root, listing, () => undefined);
  const digest = snapshotDigest(seen.entries);
  const place = snapshotPlace(stateDirectory, digest);
  if (await isIntact(place, seen.entries, owner)) return describe(root, stateDirectory, listing, seen);
  // The tree may have changed since: the digest is of what was copied, not of what was seen before.
  const copied = await buildSnapshot(stateDirectory, owner, (visit) => readProject(root, listing, visit));
  return describe(root, stateDirectory, listing, copied);
}

function describe(root: string, state: string, { commit, notes }: ProjectListing, read: ReadProject): Snapshot {
  const digest = snapshotDigest(read.entries);
  return {
    digest,
    root,
    directory: join(snapshotPlace(state, digest), "tree"),
    files: read.entries.filter(({ kind }) => kind === "file").map(({ path }) => path),
    excluded: read.excluded,
    ...(commit && { git: { commit: commit.id, dirty: read.dirty } }),
    ...(notes.length > 0 && { notes }),
  };
}
