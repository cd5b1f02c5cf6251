import type { DatabaseSync } from "node:sqlite";
import { raise } from "#domain";

/** One entry a version, applied in order; never edited once released. */
const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    started_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    last_seq INTEGER NOT NULL CHECK (last_seq >= 1),
    head TEXT NOT NULL
  ) STRICT;
  CREATE TABLE events (
    run INTEGER NOT NULL REFERENCES runs (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    body TEXT NOT NULL,
    chain TEXT NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT;
  CREATE TABLE appends (
    run INTEGER NOT NULL REFERENCES runs (id),
    key TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    PRIMARY KEY (run, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE locks (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    holder TEXT NOT NULL,
    since INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // A run's tenant, and each event's place among all of them: the order in which transactions committed.
  `
  ALTER TABLE runs ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default';
  CREATE TABLE positioned (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL REFERENCES runs (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    body TEXT NOT NULL,
    chain TEXT NOT NULL,
    UNIQUE (run, seq)
  ) STRICT;
  INSERT INTO positioned (run, seq, body, chain) SELECT run, seq, body, chain FROM events ORDER BY rowid;
  DROP TABLE events;
  ALTER TABLE positioned RENAME TO events;
  CREATE TABLE requests (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    run TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE mutations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    at INTEGER NOT NULL,
    key TEXT NOT NULL,
    operation TEXT NOT NULL,
    target TEXT NOT NULL,
    status INTEGER NOT NULL,
    request TEXT NOT NULL
  ) STRICT;
  CREATE TABLE workers (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    capabilities TEXT NOT NULL,
    public_key TEXT NOT NULL,
    attest INTEGER NOT NULL DEFAULT 0,
    registered_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_because TEXT,
    done INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    agreed INTEGER NOT NULL DEFAULT 0,
    differed INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE circuit_changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    circuit TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    by TEXT
  ) STRICT;
  CREATE TABLE settings (
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
  ) STRICT, WITHOUT ROWID;
  `,
  // The key that made a key: it is revoked with it.
  `
  ALTER TABLE api_keys ADD COLUMN made_by TEXT;
  `,
];

/** Brings a database to the current schema; two processes doing so at once take turns. A current one is only read. */
export function migrate(database: DatabaseSync, path: string): void {
  if (currentVersion(database) === migrations.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    database.exec(
      "CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT",
    );
    const version = currentVersion(database);
    if (version > migrations.length) {
      raise(
        "state-not-writable",
        `${path} was written by a newer version of assay`,
        "use that version, or move the file away",
      );
    }
    for (const [index, statements] of migrations.entries()) {
      if (index < version) continue;
      database.exec(statements);
      database.prepare("INSERT INTO schema_versions VALUES (?, ?)").run(index + 1, Date.now());
    }
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** What this version writes. */
export const schemaVersion = migrations.length;

/** 0: nothing was ever made in it. */
export function currentVersion(database: DatabaseSync): number {
  const table = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_versions'").get();
  if (table === undefined) return 0;
  const row = database.prepare("SELECT max(version) AS version FROM schema_versions").get();
  return typeof row?.version === "number" ? row.version : 0;
}
