import { lstatSync, readdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { inodesMax, type Limits } from "#domain";
import type { WorkspaceMount } from "#ports";
import type { Guard } from "./guard.ts";

/**
 * Bounds what a command writes to a workspace that is a copy on the host's own disk; an overlay has a disk of its own. The copy is
 * looked through only when its file system has lost as much as the command may write, for that is quickly asked: a command may
 * get twice as far before it is seen.
 */
export function diskGuards(workspace: WorkspaceMount | undefined, { diskBytesMax }: Limits): Guard[] {
  if (workspace === undefined || workspace.method === "overlay") return [];
  const { directory } = workspace;
  const filesMax = inodesMax(diskBytesMax);
  const startedMs = Date.now() - clockStepMs;
  let free = freeOn(directory);
  let full = false;
  const look: Guard["check"] = () => {
    const now = freeOn(directory);
    if (!full && (free.bytes - now.bytes > diskBytesMax || free.files - now.files > filesMax)) {
      const { bytes, files } = writtenSince(startedMs, directory);
      full = bytes > diskBytesMax || files > filesMax;
      // Somebody else may have written that.
      free = now;
    }
    return full ? { kind: "limited", by: "disk" } : undefined;
  };
  return [{ check: look, causeOfEnd: () => look(() => []) }];
}

/** The kernel stamps files with the time of its last tick. */
const clockStepMs = 20;

function freeOn(directory: string): { bytes: number; files: number } {
  const { bfree, bsize, ffree } = statfsSync(directory);
  return { bytes: bfree * bsize, files: ffree };
}

/** Of the files below `directory` that were made or written; links are not followed, and no command can set that time. */
function writtenSince(startedMs: number, directory: string): { bytes: number; files: number } {
  const written = { bytes: 0, files: 0 };
  const folders = [directory];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      const status = lstatSync(path, { throwIfNoEntry: false });
      if (status === undefined || status.ctimeMs < startedMs) continue;
      written.files += 1;
      written.bytes += status.blocks * 512;
    }
  }
  return written;
}

/** A folder may go, or be closed, while it is looked at. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
