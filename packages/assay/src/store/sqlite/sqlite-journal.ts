import type { DatabaseSync } from "node:sqlite";
import type { RunEvent } from "@assay/sdk";
import { type RunId, runId } from "#domain";
import {
  type AppendRequest,
  type AppendResult,
  crashPoint,
  defaultTenant,
  type Journal,
  type RunSummary,
  type TailEntry,
} from "#ports";
import { sealEvents } from "../seal-events.ts";
import { corruptRun } from "./corrupt-run.ts";
import { EventRows } from "./event-rows.ts";
import { openDatabase } from "./open-database.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { asSqliteFault } from "./sqlite-fault.ts";

export type SqliteJournalOptions = {
  /** Whose runs these are. */
  tenant?: string;
  /** Milliseconds since the Unix epoch. */
  now?: () => number;
  /** How long another process's lock is waited for before `run-locked`. Default 5,000. */
  lockWaitMsMax?: number;
};

type Pending = {
  request: AppendRequest;
  events: RunEvent[];
  resolve: (result: AppendResult) => void;
  reject: (error: unknown) => void;
};
type Outcome = { result: AppendResult } | { error: unknown };

/** How often it is looked whether another process appended something. */
const watchMs = 50;

/** Appends in one transaction. */
const batchMax = 256;

/**
 * The journal in one SQLite file, shared by any number of processes on one machine.
 *
 * Group commit: appends made in the same turn of the event loop, or while a lock was waited for, share one transaction and so
 * one fsync; each has a savepoint of its own, so that what is wrong with one does not touch the others.
 */
export class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #rows: EventRows;
  readonly #now: () => number;
  readonly #lockWaitMsMax: number;
  readonly #listeners = new Set<() => void>();
  #watching: NodeJS.Timeout | undefined;
  #dataVersion: unknown;
  #queue: Pending[] = [];
  #draining: Promise<void> | undefined;

  private constructor(database: DatabaseSync, path: string, options: SqliteJournalOptions) {
    this.#database = database;
    this.#path = path;
    this.#rows = new EventRows(database, path, options.tenant ?? defaultTenant);
    this.#now = options.now ?? Date.now;
    this.#lockWaitMsMax = options.lockWaitMsMax ?? 5_000;
  }

  /** Makes the file where there is none. Throws `journal-corrupt`, `state-not-writable`, `disk-full`, `run-locked`. */
  static async open(path: string, options: SqliteJournalOptions = {}): Promise<SqliteJournal> {
    return new SqliteJournal(await openDatabase(path, options.lockWaitMsMax ?? 5_000), path, options);
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    const events = sealEvents(request, this.#now());
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, events, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  async read(run: RunId, after = 0): Promise<RunEvent[]> {
    if (!isRunId(run)) throw corruptRun(run, 1, "the run's name is not one that Assay gives", this.#path);
    return this.#reading(() => this.#rows.read(run, after));
  }

  /** A run whose name is no run id is listed like any other that is damaged, under the name it has, and cannot be read. */
  async runs(): Promise<RunSummary[]> {
    return this.#reading(() =>
      this.#rows.summaries().map(({ name, ...summary }) => ({ run: name as RunId, ...summary })),
    );
  }

  async tail(after: number, entriesMax: number): Promise<TailEntry[]> {
    return this.#reading(() => this.#rows.tail(after, entriesMax));
  }

  async head(): Promise<number> {
    return this.#reading(() => this.#rows.position());
  }

  watch(listener: () => void): Disposable {
    this.#listeners.add(listener);
    this.#watching ??= setInterval(() => this.#lookForOthers(), watchMs).unref();
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size > 0) return;
        clearInterval(this.#watching);
        this.#watching = undefined;
      },
    };
  }

  async remove(run: RunId): Promise<boolean> {
    return this.#reading(() => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const removed = this.#rows.remove(run);
        this.#database.exec("COMMIT");
        return removed;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watching);
    await this.#draining;
    if (this.#database.isOpen) this.#database.close();
  }

  async #reading<T>(query: () => T): Promise<T> {
    try {
      return await retryWhileBusy(this.#lockWaitMsMax, query);
    } catch (error) {
      throw asSqliteFault(error, this.#path);
    }
  }

  /** https://www.sqlite.org/pragma.html#pragma_data_version changes with commits of other connections alone. */
  #lookForOthers(): void {
    try {
      const version = this.#database.prepare("PRAGMA data_version").get()?.data_version;
      if (version === this.#dataVersion) return;
      this.#dataVersion = version;
    } catch {
      // Whoever reads then is told what is wrong.
    }
    this.#tellListeners();
  }

  #tellListeners(): void {
    for (const listener of this.#listeners) listener();
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // Lets everything that this turn of the event loop appends join the transaction.
      await new Promise(setImmediate);
      const batch = this.#queue.splice(0, batchMax);
      try {
        const outcomes = await retryWhileBusy(this.#lockWaitMsMax, () => this.#commit(batch));
        for (const [index, { resolve, reject }] of batch.entries()) {
          const outcome = outcomes[index] ?? { error: new Error("an append without outcome") };
          if ("error" in outcome) reject(asSqliteFault(outcome.error, this.#path));
          else resolve(outcome.result);
        }
        this.#tellListeners();
      } catch (error) {
        for (const { reject } of batch) reject(asSqliteFault(error, this.#path));
      }
    }
    this.#draining = undefined;
  }

  #commit(batch: readonly Pending[]): Outcome[] {
    const database = this.#database;
    database.exec("BEGIN IMMEDIATE");
    try {
      const outcomes = batch.map((pending) => this.#savepoint(() => this.#insert(pending)));
      crashPoint("journal-before-commit");
      database.exec("COMMIT");
      crashPoint("journal-after-commit");
      return outcomes;
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }

  #savepoint(insert: () => AppendResult): Outcome {
    const database = this.#database;
    database.exec("SAVEPOINT one");
    try {
      const result = insert();
      database.exec("RELEASE one");
      return { result };
    } catch (error) {
      // A full disk or an I/O error takes the whole transaction with it.
      if (!database.isTransaction) throw error;
      database.exec("ROLLBACK TO one; RELEASE one");
      return { error };
    }
  }

  #insert({ request, events }: Pending): AppendResult {
    const { run, expectedSeq, idempotencyKey } = request;
    const earlier = this.#rows.appendedAs(run, idempotencyKey);
    if (earlier !== undefined) return { kind: "duplicate", events: earlier };
    const head = this.#rows.head(run);
    const actualSeq = head?.lastSeq ?? 0;
    if (actualSeq !== expectedSeq) return { kind: "conflict", actualSeq };
    this.#rows.insert(run, head, events, idempotencyKey);
    return { kind: "appended", events };
  }
}

function isRunId(name: string): boolean {
  try {
    return runId(name) === name;
  } catch {
    return false;
  }
}
