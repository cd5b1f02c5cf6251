import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { copyDatabase, removeDatabase, syncFolder } from "./database-files.ts";
import { moveCounters, moveRows, moveTable, otherTables } from "./move-rows.ts";
import { openDamaged } from "./open-damaged.ts";
import { openDatabase } from "./open-database.ts";
import { asSqliteFault } from "./sqlite-fault.ts";
import { type StoredRun, storedRuns } from "./stored-runs.ts";

export type Salvage = {
  /** Holds the files as they were found, and what could be read of damaged runs. */
  copy: string;
  saved: string[];
  /** With the file that holds the events of it that can still be read. */
  quarantined: { run: string; because: string; file: string }[];
  /** Other records that could not be read: by table. */
  lost: string[];
  /** There may have been runs that nobody can name any more. */
  complete: boolean;
};

/**
 * Makes a sound database of what can be read of a damaged one, and puts it in its place. Nothing is lost silently: the files as they
 * were found are in `copy`, synced, before anything is changed; a run comes over whole, with its chain unbroken, or not at all.
 * Nobody else may have the database open. Throws a `FaultError`: `disk-full`, `state-not-writable`.
 */
export async function salvageDatabase(path: string, copy: string): Promise<Salvage> {
  await copyDatabase(path, join(copy, "journal.sqlite"));
  const fresh = `${path}.salvaged`;
  // Reading a log into a database changes both: so it is done to another copy.
  const reading = `${path}.reading`;
  const salvage: Salvage = { copy, saved: [], quarantined: [], lost: [], complete: true };
  try {
    await Promise.all([removeDatabase(fresh), removeDatabase(reading)]);
    await copyDatabase(path, reading);
    await refill(fresh, reading, salvage);
    // The old log must never meet the new file; both are in the copy.
    await Promise.all(["-wal", "-shm"].map((suffix) => rm(path + suffix, { force: true })));
    await rename(fresh, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw asSqliteFault(error, fresh);
  } finally {
    await Promise.all([removeDatabase(fresh), removeDatabase(reading)]);
  }
  return salvage;
}

async function refill(fresh: string, reading: string, salvage: Salvage): Promise<void> {
  const target = await openDatabase(fresh, 1_000);
  try {
    const source = await openDamaged(reading, target);
    try {
      if (source === undefined) salvage.complete = false;
      else await takeOver(source, target, salvage);
    } finally {
      source?.close();
    }
    target.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    target.close();
  }
}

async function takeOver(source: DatabaseSync, target: DatabaseSync, salvage: Salvage): Promise<void> {
  const { runs, complete } = storedRuns(source, salvage.copy);
  salvage.complete = complete;
  for (const run of runs) {
    const because = run.kind === "damaged" ? run.because : moveRun(source, target, run);
    if (because === undefined) salvage.saved.push(run.name);
    else salvage.quarantined.push({ run: run.name, because, file: await quarantine(source, run, salvage.copy) });
  }
  for (const table of otherTables) if (!moveTable(source, target, table)) salvage.lost.push(table);
  moveCounters(source, target);
}

/** Why it could not be moved, if it could not. */
function moveRun(source: DatabaseSync, target: DatabaseSync, { id }: StoredRun): string | undefined {
  target.exec("BEGIN IMMEDIATE");
  const moved =
    moveRows(source, target, "runs", `WHERE id = ${id}`) &&
    // A format without positions has them empty: they are given anew.
    moveRows(source, target, "events", `WHERE run = ${id} ORDER BY position, seq`) &&
    moveRows(source, target, "appends", `WHERE run = ${id}`);
  target.exec(moved ? "COMMIT" : "ROLLBACK");
  return moved ? undefined : "its rows cannot all be read";
}

/** Everything of a damaged run that can still be read, a line an event, as it was found. */
async function quarantine(source: DatabaseSync, run: StoredRun, copy: string): Promise<string> {
  const lines: string[] = [];
  try {
    const rows = source.prepare(`SELECT seq, body, chain FROM events WHERE run = ${run.id} ORDER BY seq`).iterate();
    for (const row of rows) lines.push(JSON.stringify(row));
  } catch {
    // The file holds what came before; why the run is damaged is told beside it.
  }
  // Not the run's name: it may be what was damaged.
  const file = join(copy, `run-${run.id}.jsonl`);
  await writeFile(file, lines.map((line) => `${line}\n`).join(""));
  return file;
}
