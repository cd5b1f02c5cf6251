import type { DatabaseSync } from "node:sqlite";
import { type ApiKeyView, type RevokedKey, scopeSchema } from "@assay/sdk";
import { z } from "zod";
import { FaultError } from "#domain";
import type { ApiKeys, NewApiKey } from "#ports";
import { apiKeyId, isKeyOf, newApiKey, refuseRevokedMaker } from "../api-key-text.ts";
import { keyUseNoteMs } from "../key-use.ts";
import { openDatabase } from "./open-database.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { asSqliteFault } from "./sqlite-fault.ts";

export type SqliteApiKeysOptions = {
  /** Milliseconds since the Unix epoch. */
  now?: () => number;
  /** How long another process's lock is waited for before `run-locked`. Default 5,000. */
  lockWaitMsMax?: number;
};

const rowSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  name: z.string(),
  hash: z.string(),
  scopes: z.string().transform((text) => z.array(scopeSchema).parse(JSON.parse(text))),
  created_at: z.int(),
  expires_at: z.int().nullable(),
  revoked_at: z.int().nullable(),
  last_used_at: z.int().nullable(),
  made_by: z.string().nullable(),
});

/** Keys in the project's SQLite file; of each its hash alone. Throws what opening and writing the file throw. */
export class SqliteApiKeys implements ApiKeys, Disposable {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #now: () => number;
  readonly #lockWaitMsMax: number;

  private constructor(database: DatabaseSync, path: string, options: SqliteApiKeysOptions) {
    this.#database = database;
    this.#path = path;
    this.#now = options.now ?? Date.now;
    this.#lockWaitMsMax = options.lockWaitMsMax ?? 5_000;
  }

  static async open(path: string, options: SqliteApiKeysOptions = {}): Promise<SqliteApiKeys> {
    return new SqliteApiKeys(await openDatabase(path, options.lockWaitMsMax ?? 5_000), path, options);
  }

  async create({ tenant, name, scopes, expiresAt, madeBy }: NewApiKey): Promise<{ key: string; view: ApiKeyView }> {
    const { id, key, hash } = newApiKey();
    const row = await this.#query(() =>
      this.#database
        .prepare(
          `INSERT INTO api_keys (id, tenant, name, hash, scopes, created_at, expires_at, made_by)
          SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
          WHERE NOT EXISTS (SELECT 1 FROM api_keys WHERE id = ?8 AND revoked_at IS NOT NULL) RETURNING *`,
        )
        .get(id, tenant, name, hash, JSON.stringify(scopes), this.#now(), expiresAt ?? null, madeBy ?? null),
    );
    return row === undefined ? refuseRevokedMaker() : { key, view: viewOf(row) };
  }

  async find(key: string): Promise<ApiKeyView | undefined> {
    const id = apiKeyId(key);
    if (id === undefined) return undefined;
    // By the id, which is public; the secret is compared here, never by the database.
    const row = await this.#query(() => this.#database.prepare("SELECT * FROM api_keys WHERE id = ?").get(id));
    if (row === undefined || !isKeyOf(key, rowSchema.parse(row).hash)) return undefined;
    const view = viewOf(row);
    const now = this.#now();
    if (view.lastUsedAt !== undefined && now - view.lastUsedAt < keyUseNoteMs) return view;
    return (await this.#noteUse(id, now)) ? { ...view, lastUsedAt: now } : view;
  }

  async read(tenant: string, id: string): Promise<ApiKeyView | undefined> {
    const row = await this.#query(() =>
      this.#database.prepare("SELECT * FROM api_keys WHERE tenant = ? AND id = ?").get(tenant, id),
    );
    return row === undefined ? undefined : viewOf(row);
  }

  async list(tenant: string): Promise<ApiKeyView[]> {
    const rows = await this.#query(() =>
      this.#database.prepare("SELECT * FROM api_keys WHERE tenant = ? ORDER BY created_at DESC, id").all(tenant),
    );
    return rows.map(viewOf);
  }

  async revoke(tenant: string, id: string): Promise<RevokedKey | undefined> {
    // One statement: a key that is made meanwhile is either among them or not made.
    const rows = await this.#query(() =>
      this.#database
        .prepare(
          `WITH RECURSIVE line (id) AS (
            SELECT id FROM api_keys WHERE tenant = ?1 AND id = ?2
            UNION SELECT made.id FROM api_keys AS made JOIN line ON made.made_by = line.id
          )
          UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?3) WHERE id IN (SELECT id FROM line) RETURNING *`,
        )
        .all(tenant, id, this.#now()),
    );
    const views = rows.map(viewOf);
    const view = views.find((each) => each.id === id);
    if (view === undefined) return undefined;
    return { ...view, alsoRevoked: views.flatMap((each) => (each === view ? [] : [each.id])) };
  }

  /** A note that cannot be written, say on a full disk, keeps nobody out who has a key: reading may be all that they want. */
  async #noteUse(id: string, now: number): Promise<boolean> {
    try {
      await this.#query(() => this.#database.prepare("UPDATE api_keys SET last_used_at = ? WHERE id = ?").run(now, id));
      return true;
    } catch (error) {
      if (error instanceof FaultError) return false;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }

  async #query<T>(query: () => T): Promise<T> {
    try {
      return await retryWhileBusy(this.#lockWaitMsMax, query);
    } catch (error) {
      throw asSqliteFault(error, this.#path);
    }
  }
}

function viewOf(row: unknown): ApiKeyView {
  const { id, tenant, name, scopes, ...at } = rowSchema.parse(row);
  return {
    id,
    name,
    tenant,
    scopes,
    createdAt: at.created_at,
    ...(at.expires_at === null ? {} : { expiresAt: at.expires_at }),
    ...(at.revoked_at === null ? {} : { revokedAt: at.revoked_at }),
    ...(at.last_used_at === null ? {} : { lastUsedAt: at.last_used_at }),
    ...(at.made_by === null ? {} : { madeBy: at.made_by }),
  };
}
