import type { DatabaseSync } from "node:sqlite";
import { digestSchema } from "@assay/sdk";
import { z } from "zod";
import { runId } from "#domain";
import type { RequestLog, RunRequest } from "#ports";
import { openDatabase } from "./open-database.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { asSqliteFault } from "./sqlite-fault.ts";

const lockWaitMsMax = 5_000;
/** Longer than any client tries again. */
const keptMsMax = 30 * 24 * 3600_000;
const rowSchema = z.object({ run: z.string().transform(runId), digest: digestSchema });

/** The table `requests` of the state database. A request is forgotten after 30 days. */
export class SqliteRequestLog implements RequestLog, AsyncDisposable {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #now: () => number;

  private constructor(database: DatabaseSync, path: string, now: () => number) {
    this.#database = database;
    this.#path = path;
    this.#now = now;
  }

  static async open(path: string, now: () => number = Date.now): Promise<SqliteRequestLog> {
    return new SqliteRequestLog(await openDatabase(path, lockWaitMsMax), path, now);
  }

  async reserve({ tenant, key, digest, run }: RunRequest) {
    try {
      return await retryWhileBusy(lockWaitMsMax, () => {
        this.#database.prepare("DELETE FROM requests WHERE at < ?").run(this.#now() - keptMsMax);
        this.#database
          .prepare("INSERT OR IGNORE INTO requests (tenant, key, digest, run, at) VALUES (?, ?, ?, ?, ?)")
          .run(tenant, key, digest, run, this.#now());
        const row = this.#database
          .prepare("SELECT run, digest FROM requests WHERE tenant = ? AND key = ?")
          .get(tenant, key);
        return rowSchema.parse(row);
      });
    } catch (error) {
      throw asSqliteFault(error, this.#path);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }
}
