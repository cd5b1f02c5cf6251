import type { DatabaseSync } from "node:sqlite";
import { type CircuitChange, circuitChangeSchema } from "@assay/sdk";
import { raise } from "#domain";
import { type CircuitLog, defaultTenant } from "#ports";
import { openDatabase } from "./open-database.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { asSqliteFault } from "./sqlite-fault.ts";

export type SqliteCircuitLogOptions = {
  tenant?: string;
  /** How long another process's lock is waited for before `run-locked`. Default 5,000. */
  lockWaitMsMax?: number;
};

/** Kept of one tenant; the oldest go first. */
const changesKeptMax = 100_000;
/** How many come between two looks at how many there are. */
const trimEvery = 1_000;

/**
 * In the project's SQLite file, beside its journal. Faults of both methods: `state-not-writable`, `disk-full`, `run-locked`, and
 * `journal-corrupt` for what is no change.
 */
export class SqliteCircuitLog implements CircuitLog, Disposable {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #tenant: string;
  readonly #lockWaitMsMax: number;
  #appends = 0;

  private constructor(database: DatabaseSync, path: string, { tenant, lockWaitMsMax }: SqliteCircuitLogOptions) {
    this.#database = database;
    this.#path = path;
    this.#tenant = tenant ?? defaultTenant;
    this.#lockWaitMsMax = lockWaitMsMax ?? 5_000;
  }

  static async open(path: string, options: SqliteCircuitLogOptions = {}): Promise<SqliteCircuitLog> {
    return new SqliteCircuitLog(await openDatabase(path, options.lockWaitMsMax ?? 5_000), path, options);
  }

  async append({ circuit, from, to, reason, at, by }: CircuitChange): Promise<void> {
    await this.#trying(() => {
      this.#database
        .prepare(
          "INSERT INTO circuit_changes (tenant, circuit, from_state, to_state, reason, at, by) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .run(this.#tenant, circuit, from, to, reason, at, by ?? null);
      if (this.#appends++ % trimEvery === 0) this.#trim();
    });
  }

  async read(changesMax: number, circuit?: string): Promise<CircuitChange[]> {
    const rows = await this.#trying(() =>
      this.#database
        .prepare(
          `SELECT circuit, from_state AS "from", to_state AS "to", reason, at, by FROM circuit_changes
           WHERE tenant = ? AND (? IS NULL OR circuit = ?) ORDER BY seq DESC LIMIT ?`,
        )
        .all(this.#tenant, circuit ?? null, circuit ?? null, changesMax),
    );
    const changes = rows.map(({ by, ...row }) => circuitChangeSchema.safeParse(by === null ? row : { ...row, by }));
    return changes.map((change) =>
      change.success
        ? change.data
        : raise(
            "journal-corrupt",
            `${this.#path} holds a circuit change that cannot be read`,
            "restore it from a backup",
          ),
    );
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #trim(): void {
    this.#database
      .prepare(
        `DELETE FROM circuit_changes WHERE tenant = ? AND seq <=
         (SELECT seq FROM circuit_changes WHERE tenant = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)`,
      )
      .run(this.#tenant, this.#tenant, changesKeptMax);
  }

  async #trying<T>(query: () => T): Promise<T> {
    try {
      return await retryWhileBusy(this.#lockWaitMsMax, query);
    } catch (error) {
      throw asSqliteFault(error, this.#path);
    }
  }
}
