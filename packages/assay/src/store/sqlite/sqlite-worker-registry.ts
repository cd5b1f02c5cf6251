import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { workerRoleSchema } from "@assay/sdk";
import { z } from "zod";
import { raise } from "#domain";
import {
  forgottenAfterMs,
  type RegisteredWorker,
  type Registration,
  refuseMoreWorkers,
  type WorkerRegistry,
  workerIdOf,
  workersMax,
} from "#ports";
import { openDatabase } from "./open-database.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { asSqliteFault } from "./sqlite-fault.ts";

export type SqliteWorkerRegistryOptions = {
  tenant: string;
  /** Milliseconds since the Unix epoch. */
  now?: () => number;
  /** How long another process's lock is waited for before `run-locked`. Default 5,000. */
  lockWaitMsMax?: number;
  /** Default: `workersMax`. */
  workersMax?: number;
};

/** A commit is an fsync: heartbeats alone must not make one each. */
const seenEveryMs = 10_000;

const rowSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: workerRoleSchema,
    capabilities: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
    public_key: z.string(),
    attest: z.int(),
    registered_at: z.int(),
    last_seen_at: z.int(),
    revoked_at: z.int().nullable(),
    revoked_because: z.string().nullable(),
    done: z.int(),
    failed: z.int(),
    agreed: z.int(),
    differed: z.int(),
  })
  .transform(
    (row): RegisteredWorker => ({
      id: row.id,
      name: row.name,
      role: row.role,
      capabilities: row.capabilities,
      publicKey: row.public_key,
      attest: row.attest === 1,
      registeredAt: row.registered_at,
      lastSeenAt: row.last_seen_at,
      ...(row.revoked_at === null ? {} : { revoked: { at: row.revoked_at, because: row.revoked_because ?? "" } }),
      done: row.done,
      failed: row.failed,
      reexecuted: { agreed: row.agreed, differed: row.differed },
    }),
  );

/** Workers in the project's SQLite file. Throws what opening and writing the file throw. */
export class SqliteWorkerRegistry implements WorkerRegistry, Disposable {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #tenant: string;
  readonly #now: () => number;
  readonly #lockWaitMsMax: number;
  readonly #workersMax: number;
  readonly #keptSeen = new Map<string, number>();

  private constructor(database: DatabaseSync, path: string, options: SqliteWorkerRegistryOptions) {
    this.#database = database;
    this.#path = path;
    this.#tenant = options.tenant;
    this.#now = options.now ?? Date.now;
    this.#lockWaitMsMax = options.lockWaitMsMax ?? 5_000;
    this.#workersMax = options.workersMax ?? workersMax;
  }

  static async open(path: string, options: SqliteWorkerRegistryOptions): Promise<SqliteWorkerRegistry> {
    return new SqliteWorkerRegistry(await openDatabase(path, options.lockWaitMsMax ?? 5_000), path, options);
  }

  async register({ name, role, capabilities, publicKey }: Registration): Promise<RegisteredWorker> {
    const id = workerIdOf(this.#tenant, publicKey);
    const at = this.#now();
    if ((await this.get(id)) === undefined) await this.#makeRoom();
    await this.#run(
      `INSERT INTO workers (id, tenant, name, role, capabilities, public_key, registered_at, last_seen_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, capabilities = excluded.capabilities,
         public_key = excluded.public_key, last_seen_at = excluded.last_seen_at`,
      [id, this.#tenant, name, role, JSON.stringify(capabilities), publicKey, at, at],
    );
    return (await this.get(id)) ?? raise("state-not-writable", `${this.#path} does not keep the worker ${id}`);
  }

  async get(id: string): Promise<RegisteredWorker | undefined> {
    const [worker] = await this.#read("id = ?", [id]);
    return worker;
  }

  async revocations(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#query(() =>
      this.#database
        .prepare("SELECT id, revoked_because FROM workers WHERE tenant = ? AND revoked_at IS NOT NULL")
        .all(this.#tenant),
    );
    return new Map(rows.map((row) => [String(row.id), String(row.revoked_because ?? "")]));
  }

  async list(): Promise<RegisteredWorker[]> {
    return this.#read("true ORDER BY registered_at, id", []);
  }

  async seen(id: string): Promise<void> {
    const at = this.#now();
    if (at - (this.#keptSeen.get(id) ?? Number.NEGATIVE_INFINITY) < seenEveryMs) return;
    this.#keptSeen.set(id, at);
    await this.#update("last_seen_at = ?", id, [at]);
  }

  async grantAttest(id: string, granted: boolean): Promise<void> {
    await this.#update("attest = ?", id, [granted ? 1 : 0]);
  }

  async revoke(id: string, because: string): Promise<void> {
    const values = [because, this.#now()];
    await this.#update(
      "revoked_because = coalesce(revoked_because, ?), revoked_at = coalesce(revoked_at, ?)",
      id,
      values,
    );
  }

  async count(id: string, what: "done" | "failed" | "agreed" | "differed"): Promise<void> {
    await this.#update(`${what} = ${what} + 1`, id, []);
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** Two processes at once may have it exceeded by one. */
  async #makeRoom(): Promise<void> {
    const [row] = await this.#query(() =>
      this.#database.prepare("SELECT count(*) AS workers FROM workers WHERE tenant = ?").all(this.#tenant),
    );
    if (Number(row?.workers) < this.#workersMax) return;
    const { changes } = await this.#run(
      `DELETE FROM workers WHERE id = (
         SELECT id FROM workers
         WHERE tenant = ? AND attest = 0 AND revoked_at IS NULL AND done + failed + agreed + differed = 0 AND last_seen_at < ?
         ORDER BY last_seen_at LIMIT 1)`,
      [this.#tenant, this.#now() - forgottenAfterMs],
    );
    if (changes === 0) refuseMoreWorkers(this.#workersMax);
  }

  async #read(where: string, values: SQLInputValue[]): Promise<RegisteredWorker[]> {
    const rows = await this.#query(() =>
      this.#database.prepare(`SELECT * FROM workers WHERE tenant = ? AND ${where}`).all(this.#tenant, ...values),
    );
    return rows.map((row) => rowSchema.parse(row));
  }

  async #update(set: string, id: string, values: SQLInputValue[]): Promise<void> {
    await this.#run(`UPDATE workers SET ${set} WHERE tenant = ? AND id = ?`, [...values, this.#tenant, id]);
  }

  async #run(sql: string, values: SQLInputValue[]) {
    return this.#query(() => this.#database.prepare(sql).run(...values));
  }

  async #query<T>(query: () => T): Promise<T> {
    try {
      return await retryWhileBusy(this.#lockWaitMsMax, query);
    } catch (error) {
      throw asSqliteFault(error, this.#path);
    }
  }
}
