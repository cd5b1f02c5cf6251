import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runId } from "#domain";
import { crashPoint } from "#ports";
import { acquireProjectLock, ProcessOwners, SqliteJournal, SqliteUpkeep, sweepBlobs } from "#store";
import { acquireUpkeepLock } from "../backup/back-up.ts";
import { openStateDirectory, type StateDirectory, statePlaces } from "../state-directory.ts";
import { type Choice, chooseRuns, type KeptBecause, type Retention } from "./choose-runs.ts";
import { prunableRuns } from "./prunable-runs.ts";
import { referredContent } from "./referred-content.ts";
import { namesIn, removeRunFolders } from "./run-folders.ts";
import { type TenantPlaces, tenantPlaces } from "./tenant-places.ts";

/** What is younger may be about to be referred to, however short the retention is. */
const blobAgeMsMin = 60 * 60 * 1000;

export type PruneOptions = Retention & {
  /** Nothing is removed. */
  dryRun: boolean;
  /** Milliseconds since the Unix epoch. */
  now: number;
};

export type Pruned = {
  runs: string[];
  kept: Partial<Record<KeptBecause, number>>;
  blobs: number;
  blobBytes: number;
  artifactBytes: number;
  /** Of the journal's file; 0 in a dry run. */
  journalBytes: number;
};

/**
 * Removes runs that ended long ago, of all tenants, then what nothing refers to any more. A run leaves the journal first: killed anywhere,
 * what is left over is found by the next one, and nothing that the journal refers to is gone. Nobody executes runs meanwhile.
 * Faults: `run-locked` while a run, a daemon or a backup goes on, and those of the journal.
 */
export async function prune(directory: string, options: PruneOptions): Promise<Pruned> {
  const state = await openStateDirectory(directory);
  const owners = new ProcessOwners();
  const database = statePlaces(state).journal;
  await using _project = await acquireProjectLock({ database, project: state.root, holder: "assay prune", owners });
  await using _upkeep = await acquireUpkeepLock(state, "assay prune", owners);
  using upkeep = await SqliteUpkeep.open(database);
  const places = upkeep.tenants().flatMap((tenant) => tenantPlaces(state, tenant) ?? []);
  const pruned: Pruned = { runs: [], kept: {}, blobs: 0, blobBytes: 0, artifactBytes: 0, journalBytes: 0 };
  for (const place of places) await pruneTenant(database, place, options, pruned);
  await sweep(state, upkeep, places, options, pruned);
  if (!options.dryRun) {
    const { before, after } = await upkeep.compact();
    pruned.journalBytes = Math.max(0, before - after);
  }
  return pruned;
}

async function pruneTenant(
  database: string,
  place: TenantPlaces,
  options: PruneOptions,
  pruned: Pruned,
): Promise<void> {
  await using journal = await SqliteJournal.open(database, { tenant: place.tenant });
  const choices = chooseRuns(await prunableRuns(journal, place.runs), options);
  for (const { run, kept } of choices) {
    if (kept === undefined) pruned.runs.push(run);
    else pruned.kept[kept] = (pruned.kept[kept] ?? 0) + 1;
  }
  const going = new Set(choices.filter(isGoing).map(({ run }) => run));
  for (const run of options.dryRun ? [] : going) {
    await journal.remove(runId(run));
    crashPoint("prune-run-removed");
  }
  const known = new Set((await journal.runs()).map(({ run }): string => run).filter((run) => !going.has(run)));
  const { runs } = place;
  pruned.artifactBytes += await removeRunFolders({ ...options, runs, known, going });
}

async function sweep(
  state: StateDirectory,
  upkeep: SqliteUpkeep,
  places: readonly TenantPlaces[],
  options: PruneOptions,
  pruned: Pruned,
): Promise<void> {
  const stores = [
    ...new Set([join(state.path, "blobs"), ...places.map(({ blobs }) => blobs), ...(await otherStores(state))]),
  ];
  const texts = chain(upkeep.texts(new Set(pruned.runs)), await checklists(state));
  const referred = await referredContent(texts, stores);
  for (const store of stores) {
    const { blobs, bytes } = await sweepBlobs({
      directory: store,
      isReferred: (hex) => referred.has(hex),
      putBefore: Math.min(options.endedBefore, options.now - blobAgeMsMin),
      dryRun: options.dryRun,
    });
    pruned.blobs += blobs;
    pruned.blobBytes += bytes;
  }
}

/** Of tenants without runs, who may have content left. */
async function otherStores(state: StateDirectory): Promise<string[]> {
  const tenants = await namesIn(join(state.path, "tenants"));
  return tenants.flatMap((tenant) => tenantPlaces(state, tenant)?.blobs ?? []);
}

async function checklists(state: StateDirectory): Promise<string[]> {
  const folders = ["", ...(await namesIn(join(state.path, "tenants"))).map((tenant) => join("tenants", tenant))];
  return Promise.all(
    folders.map((folder) => readFile(join(state.path, folder, "checklist.json"), "utf8").catch(empty)),
  );
}

function empty(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}

/** One by one: a journal need not fit into memory. */
function* chain(...parts: Iterable<string>[]): Iterable<string> {
  for (const part of parts) yield* part;
}

function isGoing({ kept }: Choice): boolean {
  return kept === undefined;
}
