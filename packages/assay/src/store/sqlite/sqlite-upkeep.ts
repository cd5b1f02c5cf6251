import { closeSync, openSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { raise } from "#domain";
import { openDatabase } from "./open-database.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { migrate } from "./schema.ts";
import { asSqliteFault } from "./sqlite-fault.ts";

const lockWaitMsMax = 5_000;
const tenantSchema = z.object({ tenant: z.string() });
const textSchema = z.object({ text: z.string() });
const eventSchema = textSchema.extend({ name: z.string() });

/** What is done to a whole state database, all tenants of it. Faults: `journal-corrupt`, `state-not-writable`, `disk-full`, `run-locked`. */
export class SqliteUpkeep implements Disposable {
  readonly #database: DatabaseSync;
  readonly #path: string;

  private constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
  }

  static async open(path: string): Promise<SqliteUpkeep> {
    return new SqliteUpkeep(await openDatabase(path, lockWaitMsMax), path);
  }

  /** Who has runs, sorted. */
  tenants(): string[] {
    const rows = this.#guard(() => this.#database.prepare("SELECT DISTINCT tenant FROM runs ORDER BY tenant").all());
    return rows.map((row) => tenantSchema.parse(row).tenant);
  }

  /** Every text in which content may be referred to, as it is stored, readable as an event or not; but for those of some runs. */
  *texts(without: ReadonlySet<string>): Iterable<string> {
    const events = this.#database.prepare("SELECT name, body AS text FROM events JOIN runs ON runs.id = events.run");
    for (const row of events.iterate()) {
      const { name, text } = eventSchema.parse(row);
      if (!without.has(name)) yield text;
    }
    const others = this.#database.prepare("SELECT value AS text FROM settings UNION ALL SELECT digest FROM requests");
    for (const row of others.iterate()) yield textSchema.parse(row).text;
  }

  /**
   * A consistent copy as one file, however many processes write meanwhile; without locks, which are about processes of here and now.
   * `to` must not exist; only its owner can read it. Source: https://www.sqlite.org/lang_vacuum.html#vacuuminto
   */
  async copyTo(to: string): Promise<void> {
    // SQLite would make it with the mode that the process happens to make files with; an empty file that is there it takes as it is.
    this.#guard(() => closeSync(openSync(to, "wx", 0o600)));
    await retryWhileBusy(lockWaitMsMax, () => this.#guard(() => this.#database.prepare("VACUUM INTO ?").run(to)));
    const copy = new DatabaseSync(to);
    try {
      copy.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; DELETE FROM locks;");
      // What signs workers' tokens is no part of a copy: the daemon that opens it makes its own.
      copy.exec("DELETE FROM settings WHERE name LIKE '%-secret'; VACUUM;");
    } finally {
      copy.close();
    }
  }

  /** Gives the space of what was removed back to the disk; in bytes. */
  async compact(): Promise<{ before: number; after: number }> {
    const before = statSync(this.#path).size;
    await retryWhileBusy(lockWaitMsMax, () =>
      this.#guard(() =>
        this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE);"),
      ),
    );
    return { before, after: statSync(this.#path).size };
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asSqliteFault(error, this.#path);
    }
  }
}

/** Whether a file is a whole database of ours, of this version or of an earlier one, which it then becomes. Throws `journal-corrupt`. */
export function adoptDatabase(path: string): void {
  try {
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: true });
    try {
      database.exec("PRAGMA trusted_schema = OFF");
      const [problem] = database.prepare("PRAGMA integrity_check(1)").all();
      if (problem?.integrity_check !== "ok") raise("journal-corrupt", `${path} is damaged`, "use another copy of it");
      migrate(database, path);
      database.exec("DELETE FROM locks");
    } finally {
      database.close();
    }
  } catch (error) {
    throw asSqliteFault(error, path);
  }
}
