import { constants, type Stats } from "node:fs";
import { access, type FileHandle, lstat, mkdir, open, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { digestOf } from "#ports";
import type { FileState } from "#syntax";
import type { TreeChange } from "./intent.ts";

/** A change ready to be made by one rename (or, without `fresh`, one removal). */
export type Prepared = { target: string; fresh?: string };

/**
 * Writes and syncs a file's new content beside it, with the owner and mode of the file it will replace; of a new file,
 * its folder's owner. Folders it had to make are added to `made`. Rejects where the file or its folder cannot be written.
 */
export async function prepareFile(root: string, { path, after }: TreeChange, made: string[]): Promise<Prepared> {
  const target = join(root, path);
  const old = await lstat(target).catch(ignoreMissing);
  if (old !== undefined) await access(target, constants.W_OK);
  if (after === null) {
    await access(dirname(target), constants.W_OK);
    return { target };
  }
  await makeFolders(dirname(target), made);
  const fresh = freshName(root, path);
  await rm(fresh, { force: true });
  const file = await open(fresh, "wx", 0o600);
  try {
    await file.writeFile(after.text);
    const owner = old ?? (await stat(dirname(target)));
    await keepOwner(file, owner, old === undefined);
    await file.chmod(modeOf(old, after));
    await file.sync();
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return { target, fresh };
}

/** The same name at each try, so that what a crash left is overwritten or removed by the next. */
export function freshName(root: string, path: string): string {
  const tag = digestOf(basename(path)).slice("sha256:".length, "sha256:".length + 16);
  return join(root, dirname(path), `.assay-fresh-${tag}`);
}

async function makeFolders(folder: string, made: string[]): Promise<void> {
  const missing: string[] = [];
  let above = folder;
  for (; (await stat(above).catch(ignoreMissing)) === undefined; above = dirname(above)) missing.unshift(above);
  const owner = await stat(above);
  for (const each of missing) {
    await mkdir(each);
    made.push(each);
    const created = await open(each, constants.O_RDONLY | constants.O_NOFOLLOW);
    await keepOwner(created, owner, true).finally(() => created.close());
  }
}

/** What is new belongs to an ordinary user anyway; only root has to give it away. */
async function keepOwner(file: FileHandle, { uid, gid }: Stats, isNew: boolean): Promise<void> {
  if (isNew && process.getuid?.() !== 0) return;
  const own = await file.stat();
  if (own.uid === uid && own.gid === gid) return;
  await file.chown(uid, gid).catch((error: NodeJS.ErrnoException) => {
    // Nobody can give a file of their own to a group that they are not in; their own group does.
    if (error.code !== "EPERM" || own.uid !== uid) throw error;
  });
}

function modeOf(old: Stats | undefined, { executable }: FileState): number {
  const mode = old === undefined ? 0o666 & ~process.umask() : old.mode & 0o7777;
  // Who may read may execute.
  if (executable) return (mode & 0o111) === 0 ? mode | ((mode & 0o444) >> 2) : mode;
  return mode & ~0o111;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}
