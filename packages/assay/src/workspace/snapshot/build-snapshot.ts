import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { crashPoint } from "#ports";
import { stateFault } from "../faults.ts";
import { FolderMaker } from "../files/folder-maker.ts";
import { processTag } from "../files/process-tag.ts";
import { giveTo, sandboxUid } from "../ownership.ts";
import { describeTree, isIntact, manifestName, snapshotDigest } from "./manifest.ts";
import type { ReadProject, VisitEntry } from "./read-project.ts";
import { snapshotPlace } from "./snapshot-place.ts";

/**
 * Copies what `read` visits into a folder of its own and moves it to its place when it is complete: a crash leaves
 * a `building-` folder that the next start removes, never half a snapshot. Files are given to the uid `owner`, folders to the sandbox's uid.
 */
export async function buildSnapshot(
  stateDirectory: string,
  owner: number,
  read: (visit: VisitEntry) => Promise<ReadProject>,
): Promise<ReadProject> {
  const snapshots = join(stateDirectory, "snapshots");
  try {
    await mkdir(snapshots, { recursive: true, mode: 0o700 });
    const building = await mkdtemp(join(snapshots, `building-${processTag()}-`));
    try {
      const tree = join(building, "tree");
      const folders = new FolderMaker(tree, sandboxUid());
      folders.make(".");
      const copied = await read((entry) => copyEntry(tree, folders, owner, entry));
      await writeFile(join(building, manifestName), await describeTree(tree, copied.entries, owner), { mode: 0o600 });
      crashPoint("snapshot-copied");
      const place = snapshotPlace(stateDirectory, snapshotDigest(copied.entries));
      // Somebody may have built the same content just now and be using it already.
      if (!(await isIntact(place, copied.entries, owner))) await moveIntoPlace(building, place);
      return copied;
    } finally {
      await rm(building, { recursive: true, force: true });
    }
  } catch (error) {
    throw stateFault("copying the project", error);
  }
}

type Visited = Parameters<VisitEntry>[0];

async function copyEntry(tree: string, folders: FolderMaker, owner: number, read: Visited): Promise<void> {
  folders.make(dirname(read.entry.path));
  const target = join(tree, read.entry.path);
  if (read.kind === "link") {
    await symlink(read.entry.target, target);
  } else {
    // Whatever the umask and the original's mode: the sandbox's uid must be able to read it.
    const mode = read.entry.executable ? 0o755 : 0o644;
    await writeFile(target, read.content, { flag: "wx", mode });
    if ((process.umask() & mode) !== 0) await chmod(target, mode);
  }
  giveTo(owner, target);
}

async function moveIntoPlace(building: string, place: string): Promise<void> {
  try {
    await rename(building, place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    const aside = `${building}-replaced`;
    await rename(place, aside);
    await rename(building, place);
    await rm(aside, { recursive: true, force: true });
  }
}
