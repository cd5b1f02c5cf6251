import type { DatabaseSync } from "node:sqlite";
import { type AuditRecord, auditRecordSchema } from "@assay/sdk";
import type { MutationLog } from "#ports";
import { openDatabase } from "./open-database.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { asSqliteFault } from "./sqlite-fault.ts";

export type SqliteMutationLogOptions = {
  /** How long another process's lock is waited for before `run-locked`. Default 5,000. */
  lockWaitMsMax?: number;
};

type Write =
  | { kind: "append"; record: Omit<AuditRecord, "seq"> }
  | { kind: "settle"; seq: number; status: number; target: string | undefined };

type Pending = {
  write: Write;
  /** With the record's `seq`. */
  resolve: (seq: number) => void;
  reject: (error: unknown) => void;
};

/** Records in one transaction. */
const batchMax = 256;

/**
 * Mutations in the project's SQLite file. What is acknowledged has been synced to the disk; records that come while another is
 * being written share one transaction. Throws what opening and writing the file throw.
 */
export class SqliteMutationLog implements MutationLog, AsyncDisposable {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #lockWaitMsMax: number;
  #queue: Pending[] = [];
  #draining: Promise<void> | undefined;

  private constructor(database: DatabaseSync, path: string, options: SqliteMutationLogOptions) {
    this.#database = database;
    this.#path = path;
    this.#lockWaitMsMax = options.lockWaitMsMax ?? 5_000;
  }

  static async open(path: string, options: SqliteMutationLogOptions = {}): Promise<SqliteMutationLog> {
    return new SqliteMutationLog(await openDatabase(path, options.lockWaitMsMax ?? 5_000), path, options);
  }

  append(record: Omit<AuditRecord, "seq">): Promise<number> {
    return this.#write({ kind: "append", record });
  }

  async settle(seq: number, status: number, target?: string): Promise<void> {
    await this.#write({ kind: "settle", seq, status, target });
  }

  #write(write: Write): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ write, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  async read(tenant: string, recordsMax: number, before = Number.MAX_SAFE_INTEGER): Promise<AuditRecord[]> {
    try {
      const rows = await retryWhileBusy(this.#lockWaitMsMax, () =>
        this.#database
          .prepare(
            "SELECT seq, at, tenant, key, operation, target, status, request FROM mutations WHERE tenant = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
          )
          .all(tenant, before, recordsMax),
      );
      return rows.map((row) => auditRecordSchema.parse(row));
    } catch (error) {
      throw asSqliteFault(error, this.#path);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#draining;
    if (this.#database.isOpen) this.#database.close();
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // Lets everything that this turn of the event loop appends join the transaction.
      await new Promise(setImmediate);
      const batch = this.#queue.splice(0, batchMax);
      try {
        const numbers = await retryWhileBusy(this.#lockWaitMsMax, () => this.#commit(batch));
        for (const [index, { resolve }] of batch.entries()) resolve(numbers[index] ?? 0);
      } catch (error) {
        for (const { reject } of batch) reject(asSqliteFault(error, this.#path));
      }
    }
    this.#draining = undefined;
  }

  #commit(batch: readonly Pending[]): number[] {
    const database = this.#database;
    database.exec("BEGIN IMMEDIATE");
    try {
      const insert = database.prepare(
        "INSERT INTO mutations (tenant, at, key, operation, target, status, request) VALUES (?, ?, ?, ?, ?, ?, ?)",
      );
      const update = database.prepare("UPDATE mutations SET status = ?, target = coalesce(?, target) WHERE seq = ?");
      const numbers = batch.map(({ write }) => {
        if (write.kind === "settle") {
          update.run(write.status, write.target ?? null, write.seq);
          return write.seq;
        }
        const { tenant, at, key, operation, target, status, request } = write.record;
        return Number(insert.run(tenant, at, key, operation, target, status, request).lastInsertRowid);
      });
      database.exec("COMMIT");
      return numbers;
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}
