import { rename, rm, rmdir, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { FaultError, fault } from "#domain";
import { crashPoint } from "#ports";
import { syncFolder, type TreeChange } from "./intent.ts";
import { type Prepared, prepareFile } from "./prepare-file.ts";

/**
 * Makes the changes to the tree: all new contents are written and synced beside their targets before the first target is
 * replaced. A failure (not a crash) takes back what was done. Faults: `tree-not-writable`, `disk-full`.
 */
export async function writeTree(root: string, changes: readonly TreeChange[]): Promise<void> {
  const prepared: Prepared[] = [];
  const begun: TreeChange[] = [];
  const folders: string[] = [];
  try {
    for (const change of changes) prepared.push(await prepareFile(root, change, folders));
    crashPoint("tree-before-apply");
    for (const [index, each] of prepared.entries()) {
      begun.push(changes[index] as TreeChange);
      await replace(each);
      crashPoint("tree-partly-applied");
    }
    for (const folder of new Set(prepared.map(({ target }) => dirname(target)))) await syncFolder(folder);
    crashPoint("tree-after-apply");
  } catch (error) {
    await takeBack(root, begun);
    for (const { fresh } of prepared) if (fresh !== undefined) await rm(fresh, { force: true }).catch(() => {});
    for (const folder of folders.reverse()) await rmdir(folder).catch(() => {});
    throw treeFault(root, error);
  }
}

async function replace({ fresh, target }: Prepared): Promise<void> {
  if (fresh !== undefined) return rename(fresh, target);
  await unlink(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** As far as the disk lets it: what cannot be taken back stays in the recorded intent. */
async function takeBack(root: string, begun: readonly TreeChange[]): Promise<void> {
  for (const { path, before, after } of begun.toReversed()) {
    const back = { path, before: after, after: before };
    await prepareFile(root, back, []).then(replace, () => {});
  }
}

function treeFault(root: string, error: unknown): FaultError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new FaultError(fault("disk-full", `no space left in ${root}`, "free some space and apply again"));
  }
  const remedy = "apply the patch by hand: git apply PATCH, or make the files writable and run again";
  return new FaultError(fault("tree-not-writable", `${root} cannot be written: ${message}`, remedy), { cause: error });
}
