import { copyFile, mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { asStateFault } from "../state-fault.ts";

/** A database, its write-ahead log, and that one's index. */
const suffixes = ["", "-wal", "-shm"];

/** Copies what there is of a database's files, synced. Nobody may write to it. Throws a `FaultError`: `disk-full`, `state-not-writable`. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const folder = dirname(to);
  try {
    await mkdir(folder, { recursive: true });
    for (const suffix of suffixes) await copyIfThere(from + suffix, to + suffix);
    await syncFolder(folder);
    await syncFolder(dirname(folder));
  } catch (error) {
    throw asStateFault(error, to);
  }
}

export async function removeDatabase(path: string): Promise<void> {
  await Promise.all(suffixes.map((suffix) => rm(path + suffix, { force: true })));
}

export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, "r");
  await folder.sync();
}

async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  await using file = await open(to, "r+");
  await file.sync();
}
