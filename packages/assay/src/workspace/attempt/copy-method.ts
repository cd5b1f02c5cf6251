import { constants } from "node:fs";
import { copyFile, lstat, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Snapshot } from "#ports";
import { sandboxUid } from "../ownership.ts";

export type CopyMethod = "reflink" | "hardlink" | "copy";

/**
 * How the files of a snapshot can be copied into `directory` without an overlay, cheapest first. Hard links only where
 * the sandbox's uid does not own the snapshot's files and so cannot write to them in place.
 */
export async function copyMethod(snapshot: Snapshot, directory: string): Promise<CopyMethod> {
  const [first] = snapshot.files;
  if (first === undefined) return "copy";
  const source = join(snapshot.directory, first);
  if (await canReflink(source, join(directory, ".reflink-probe"))) return "reflink";
  return (await lstat(source)).uid === sandboxUid() ? "copy" : "hardlink";
}

async function canReflink(source: string, target: string): Promise<boolean> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  } finally {
    await rm(target, { force: true });
  }
}
