import { constants } from "node:fs";
import { copyFile, link, readdir, readlink, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { copiesAtOnce } from "../bounds.ts";
import { eachBounded } from "../files/each-bounded.ts";
import { FolderMaker } from "../files/folder-maker.ts";
import { giveTo, sandboxUid } from "../ownership.ts";
import type { CopyMethod } from "./copy-method.ts";

/** The attempt's edited files on top of the snapshot's, without the removed ones. */
export type Union = { edits: string; snapshot: string; removed: ReadonlySet<string> };

/** Copies a union into the new folder `target`, which the sandbox's uid then owns. Edited files are never linked. */
export async function copyUnion(union: Union, target: string, method: CopyMethod): Promise<void> {
  const edited = await filesBelow(union.edits);
  const kept = (await filesBelow(union.snapshot)).filter(({ path }) => !union.removed.has(path));
  const own = new Set(edited.map(({ path }) => path));
  const folders = new FolderMaker(target, sandboxUid());
  folders.make(".");
  const sources = [
    ...edited.map((file) => ({ ...file, from: union.edits, how: "copy" as CopyMethod })),
    ...kept.filter(({ path }) => !own.has(path)).map((file) => ({ ...file, from: union.snapshot, how: method })),
  ];
  await eachBounded(sources, copiesAtOnce, async ({ path, isLink, from, how }) => {
    folders.make(dirname(path));
    await copyOne(join(from, path), join(target, path), isLink, how);
  });
}

async function copyOne(source: string, target: string, isLink: boolean, method: CopyMethod): Promise<void> {
  if (isLink) await symlink(await readlink(source), target);
  else if (method === "hardlink") return link(source, target);
  else await copyFile(source, target, method === "reflink" ? constants.COPYFILE_FICLONE_FORCE : 0);
  giveTo(sandboxUid(), target);
}

async function filesBelow(directory: string): Promise<{ path: string; isLink: boolean }[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({
      path: join(entry.parentPath, entry.name).slice(directory.length + 1),
      isLink: entry.isSymbolicLink(),
    }));
}
