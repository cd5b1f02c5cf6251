import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { FaultError, raise } from "#domain";
import { crashPoint } from "#ports";
import { acquireProjectLock, asStateFault, ProcessOwners, SqliteUpkeep } from "#store";
import { assayVersion } from "../assay-version.ts";
import { openStateDirectory, type StateDirectory, statePlaces } from "../state-directory.ts";
import { formatSums, manifestName, stateFolder, sumsName } from "./checksums.ts";
import { copyFile, hashFile } from "./copy-file.ts";
import { journalName, stateFiles } from "./state-files.ts";

export type BackedUp = {
  path: string;
  files: number;
  bytes: number;
  /** What could not be kept, with the reason. */
  leftOut: string[];
};

/** In the folder of an unfinished backup: who makes it, and what becomes the backup. */
const ownerName = "made-by";
const wholeName = "backup";

/**
 * Copies a project's state to a new folder, also while a daemon or a run works on it: first the journal, as it is at one moment, then
 * what it refers to, which is never changed and was there before. The folder gets its name when it is whole. Keys are not in it.
 * Faults: `usage`, `run-locked` while another backup or a prune goes on, `disk-full`, `state-not-writable`, `journal-corrupt`.
 */
export async function backUp(directory: string, to: string): Promise<BackedUp> {
  const state = await openStateDirectory(directory);
  const target = resolve(to);
  if (`${target}/`.startsWith(`${state.path}/`))
    raise("usage", `${to} is inside of what is backed up`, "name another folder");
  const owners = new ProcessOwners();
  await using _lock = await acquireUpkeepLock(state, "assay backup", owners);
  const unfinished = join(dirname(target), `.${basename(target)}.unfinished`);
  await using undone = new AsyncDisposableStack();
  try {
    await refuseExisting(target);
    await claimFolder(unfinished, owners);
    // Also where the disk is full: what was copied by then is of no use.
    undone.defer(() => rm(unfinished, { recursive: true, force: true }));
    const made = await fill(join(unfinished, wholeName), state);
    crashPoint("backup-before-rename");
    await refuseExisting(target);
    await rename(join(unfinished, wholeName), target);
    await syncFolder(dirname(target));
    return { path: target, ...made };
  } catch (error) {
    if (!(error instanceof FaultError)) throw asStateFault(error, target);
    throw error;
  }
}

/** Held by whatever goes through the whole state: a backup beside a prune would miss what the journal it copied refers to. */
export function acquireUpkeepLock(
  state: StateDirectory,
  holder: string,
  owners: ProcessOwners,
): Promise<AsyncDisposable> {
  return acquireProjectLock({
    database: statePlaces(state).journal,
    project: `upkeep of ${state.root}`,
    holder,
    owners,
  });
}

async function fill(folder: string, state: StateDirectory): Promise<Omit<BackedUp, "path">> {
  const sums = new Map<string, string>();
  const leftOut: string[] = [];
  let bytes = 0;
  const add = (path: string, copied: { hex: string; bytes: number } | undefined) => {
    // Made and removed while it was walked: nothing that the copied journal refers to.
    if (copied === undefined) return;
    sums.set(path, copied.hex);
    bytes += copied.bytes;
  };
  const journal = join(folder, stateFolder, journalName);
  await mkdir(dirname(journal), { recursive: true, mode: 0o700 });
  {
    using upkeep = await SqliteUpkeep.open(statePlaces(state).journal);
    await upkeep.copyTo(journal);
  }
  await syncFile(journal);
  add(`${stateFolder}/${journalName}`, await hashFile(journal));
  crashPoint("backup-journal-copied");
  for await (const found of stateFiles(state.path)) {
    if (found.kind === "left-out") leftOut.push(`${found.path}: ${found.why}`);
    else
      add(
        `${stateFolder}/${found.path}`,
        await copyFile(join(state.path, found.path), join(folder, stateFolder, found.path), 0o600),
      );
  }
  const manifest = {
    format: 1,
    assayVersion: assayVersion(),
    madeAt: Date.now(),
    root: state.root,
    files: sums.size,
    bytes,
  };
  await writeNew(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
  add(manifestName, await hashFile(join(folder, manifestName)));
  await writeNew(join(folder, sumsName), formatSums(sums));
  await syncFolder(folder);
  return { files: sums.size, bytes, leftOut };
}

async function refuseExisting(target: string): Promise<void> {
  const found = await open(target, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined) return;
  await found.close();
  raise("usage", `${target} exists already`, "name a folder that does not exist: it is made whole or not at all");
}

/** What a killed backup left is removed; what one that may be alive is making stays. */
async function claimFolder(folder: string, owners: ProcessOwners): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
    const owner = await readFile(join(folder, ownerName), "utf8").catch(() => "");
    if (owners.liveness(owner) !== "dead") {
      raise(
        "run-locked",
        `${folder} may be another backup that is being made`,
        "wait for it to end, or remove that folder",
      );
    }
    await rm(folder, { recursive: true });
    await mkdir(folder, { mode: 0o700 });
  });
  await writeFile(join(folder, ownerName), owners.self, { mode: 0o600 });
}

async function writeNew(path: string, text: string): Promise<void> {
  await using file = await open(path, "wx", 0o600);
  await file.writeFile(text);
  await file.sync();
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, "r+");
  await file.sync();
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, "r");
  await folder.sync();
}
