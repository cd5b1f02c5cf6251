import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { asStateFault } from "../state-fault.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { migrate } from "./schema.ts";
import { asSqliteFault } from "./sqlite-fault.ts";

/** SQLite's own wait blocks the event loop: so it is short, and `retryWhileBusy` waits in between. */
const busyTimeoutMs = 20;

/**
 * Opens or makes the state database: WAL, synchronous=FULL (a commit survives a power loss), foreign keys, current schema.
 * Throws a `FaultError`: `journal-corrupt`, `state-not-writable`, `disk-full`, `run-locked`.
 */
export async function openDatabase(path: string, lockWaitMsMax: number): Promise<DatabaseSync> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    throw asStateFault(error, dirname(path));
  }
  try {
    return await retryWhileBusy(lockWaitMsMax, () => open(path));
  } catch (error) {
    throw asSqliteFault(error, path);
  }
}

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  try {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;");
    migrate(database, path);
    // What a killed writer had written and not yet synced can be read from now on, and so be told to somebody: it must survive a power loss
    // first. A checkpoint syncs the WAL before anything else (https://www.sqlite.org/wal.html#checkpointing).
    database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
