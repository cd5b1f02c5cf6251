import { rename, rm, rmdir, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { FaultError, fault } from "#domain";
import { crashPoint } from "#ports";
import { sameState } from "#syntax";
import { readState } from "../files/read-state.ts";
import { syncFolder, type TreeChange } from "./intent.ts";
import { freshName, type Prepared, prepareFile } from "./prepare-file.ts";

export type WrittenTree =
  | { kind: "written" }
  /** `remaining`: the paths whose change could not be taken back. Faults: `tree-not-writable`, `disk-full`. */
  | { kind: "failed"; remaining: string[]; error: FaultError };

/**
 * Makes the changes to the tree: all new contents are written and synced beside their targets before the first target is
 * replaced. A failure (not a crash) takes back what was done.
 */
export async function writeTree(root: string, changes: readonly TreeChange[]): Promise<WrittenTree> {
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
    return { kind: "written" };
  } catch (error) {
    const remaining = await takeBack(root, begun);
    for (const { fresh } of prepared) if (fresh !== undefined) await rm(fresh, { force: true }).catch(() => {});
    for (const folder of folders.reverse()) await rmdir(folder).catch(() => {});
    return { kind: "failed", remaining, error: treeFault(root, error, remaining) };
  }
}

async function replace({ fresh, target }: Prepared): Promise<void> {
  if (fresh !== undefined) return rename(fresh, target);
  await unlink(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** As far as the disk lets it; returns the paths that are not as before. */
async function takeBack(root: string, begun: readonly TreeChange[]): Promise<string[]> {
  const remaining: string[] = [];
  for (const change of begun.toReversed()) {
    if (await restored(root, change).catch(() => false)) continue;
    remaining.push(change.path);
    await rm(freshName(root, change.path), { force: true }).catch(() => {});
  }
  return remaining;
}

async function restored(root: string, { path, before, after }: TreeChange): Promise<boolean> {
  const isBefore = async () => {
    const found = await readState(root, path);
    return found.kind !== "refused" && sameState(found.kind === "file" ? found.state : null, before);
  };
  // The change that failed has usually changed nothing.
  if (await isBefore()) return true;
  const back = await prepareFile(root, { path, before: after, after: before }, []);
  await replace(back);
  await syncFolder(dirname(back.target));
  return isBefore();
}

function treeFault(root: string, error: unknown, remaining: readonly string[]): FaultError {
  const { code, message } = error as NodeJS.ErrnoException;
  const rest = remaining.length === 0 ? "" : `; already changed and not restored: ${remaining.slice(0, 5).join(", ")}`;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new FaultError(fault("disk-full", `no space left in ${root}${rest}`, "free some space and apply again"));
  }
  const remedy = "apply the patch by hand: git apply PATCH, or make the files writable and run again";
  return new FaultError(fault("tree-not-writable", `${root} cannot be written: ${message}${rest}`, remedy), {
    cause: error,
  });
}
