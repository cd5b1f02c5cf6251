import { constants } from "node:fs";
import { copyFile, link, readdir, readlink, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { copiesAtOnce } from "../bounds.ts";
import { eachBounded } from "../files/each-bounded.ts";
import { FolderMaker } from "../files/folder-maker.ts";
import { giveTo, sandboxUid } from "../ownership.ts";
import type { CopyMethod } from "./copy-method.ts";

/** The attempt's edited files on top of what the snapshot and other layers hold, without the removed ones. */
export type Union = { edits: string; lower: readonly string[]; removed: ReadonlySet<string> };

/** A file or link of a union, and the layer it is from. */
export type UnionFile = { path: string; isLink: boolean; from: string };

/** What a union shows: each path once, from the uppermost layer that has it. */
export async function filesOfUnion({ edits, lower, removed }: Union): Promise<UnionFile[]> {
  const files = new Map<string, UnionFile>();
  for (const from of lower.toReversed()) {
    for (const file of await filesBelow(from)) if (!removed.has(file.path)) files.set(file.path, { ...file, from });
  }
  for (const file of await filesBelow(edits)) files.set(file.path, { ...file, from: edits });
  return [...files.values()];
}

/** Copies a union into the new folder `target`, which the sandbox's uid then owns. Edited files are never linked. */
export async function copyUnion(union: Union, target: string, method: CopyMethod): Promise<void> {
  const folders = new FolderMaker(target, sandboxUid());
  folders.make(".");
  await eachBounded(await filesOfUnion(union), copiesAtOnce, async (file) => {
    folders.make(dirname(file.path));
    await copyOne(file, join(target, file.path), file.from === union.edits ? "copy" : method);
  });
}

async function copyOne({ path, isLink, from }: UnionFile, target: string, method: CopyMethod): Promise<void> {
  const source = join(from, path);
  if (isLink) await symlink(await readlink(source), target);
  else if (method === "hardlink") return link(source, target);
  else await copyFile(source, target, method === "reflink" ? constants.COPYFILE_FICLONE_FORCE : 0);
  giveTo(sandboxUid(), target);
}

/** All files and links of a folder of ours. */
export async function filesBelow(directory: string): Promise<{ path: string; isLink: boolean }[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({
      path: join(entry.parentPath, entry.name).slice(directory.length + 1),
      isLink: entry.isSymbolicLink(),
    }));
}
