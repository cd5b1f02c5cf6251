import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Settings } from "#ports";
import { openDatabase } from "./open-database.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { asSqliteFault } from "./sqlite-fault.ts";

const lockWaitMsMax = 5_000;
const rowSchema = z.object({ value: z.string() });

/** One tenant's rows of the table `settings` of the state database. */
export class SqliteSettings implements Settings, AsyncDisposable {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #tenant: string;

  private constructor(database: DatabaseSync, path: string, tenant: string) {
    this.#database = database;
    this.#path = path;
    this.#tenant = tenant;
  }

  static async open(path: string, tenant: string): Promise<SqliteSettings> {
    return new SqliteSettings(await openDatabase(path, lockWaitMsMax), path, tenant);
  }

  async get(name: string): Promise<string | undefined> {
    return this.#doing((database) => {
      const row = database.prepare("SELECT value FROM settings WHERE tenant = ? AND name = ?").get(this.#tenant, name);
      return row === undefined ? undefined : rowSchema.parse(row).value;
    });
  }

  async set(name: string, value: string): Promise<void> {
    await this.#doing((database) =>
      database
        .prepare("INSERT OR REPLACE INTO settings (tenant, name, value) VALUES (?, ?, ?)")
        .run(this.#tenant, name, value),
    );
  }

  async remove(name: string): Promise<void> {
    await this.#doing((database) =>
      database.prepare("DELETE FROM settings WHERE tenant = ? AND name = ?").run(this.#tenant, name),
    );
  }

  async #doing<T>(work: (database: DatabaseSync) => T): Promise<T> {
    try {
      return await retryWhileBusy(lockWaitMsMax, () => work(this.#database));
    } catch (error) {
      throw asSqliteFault(error, this.#path);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }
}
