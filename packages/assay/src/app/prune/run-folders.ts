import { access, lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { runId } from "#domain";
import { bundleFiles } from "#receipt";
import type { Retention } from "./choose-runs.ts";

export type FoldersRequest = Pick<Retention, "endedBefore" | "receiptsToo"> & {
  /** Where a tenant's runs have their artifacts. */
  runs: string;
  /** Runs that the journal has and keeps. */
  known: ReadonlySet<string>;
  /** Runs that go. */
  going: ReadonlySet<string>;
  dryRun: boolean;
};

/**
 * Removes the artifacts of runs that go, and those that a prune left that was killed. A folder that the journal does not know may also be
 * what is left of a journal that was lost: it is held to the same age and keeps its receipt. Gives the bytes.
 */
export async function removeRunFolders(request: FoldersRequest): Promise<number> {
  let bytes = 0;
  for (const name of await namesIn(request.runs)) {
    if (!isRunId(name) || request.known.has(name)) continue;
    const folder = join(request.runs, name);
    if (!request.going.has(name) && !(await isForgotten(folder, request))) continue;
    bytes += await folderBytes(folder);
    if (!request.dryRun) await rm(folder, { recursive: true, force: true });
  }
  return bytes;
}

export async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}

/** Where a bundle is written, its receipt. */
export function receiptIn(folder: string): Promise<boolean> {
  return isThere(join(folder, "bundle", bundleFiles.receipt));
}

export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function isForgotten(folder: string, { endedBefore, receiptsToo }: FoldersRequest): Promise<boolean> {
  if ((await lstat(folder)).mtimeMs >= endedBefore) return false;
  return receiptsToo || !(await receiptIn(folder));
}

/** Of ordinary files; links are not followed. */
async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await lstat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

function isRunId(name: string): boolean {
  try {
    return runId(name) === name;
  } catch {
    return false;
  }
}
