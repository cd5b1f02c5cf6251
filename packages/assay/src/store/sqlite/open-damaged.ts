import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { mendHeader } from "./mend-header.ts";

const tableSchema = z.object({ name: z.string(), sql: z.string() });

/**
 * Opens a copy that may be changed of a database that may be damaged, with the tables and columns of the current format. `undefined` for what
 * is no database.
 */
export async function openDamaged(path: string, current: DatabaseSync): Promise<DatabaseSync | undefined> {
  const found = tryOpening(path, current);
  if (found !== undefined) return found;
  return (await mendHeader(path)) ? tryOpening(path, current) : undefined;
}

function tryOpening(path: string, current: DatabaseSync): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    bringToFormat(database, current);
    return database;
  } catch {
    database?.close();
    return undefined;
  }
}

/** Changes the schema alone: a migration moves rows, which would end at the first that cannot be read. */
function bringToFormat(database: DatabaseSync, current: DatabaseSync): void {
  const columns = (table: string) =>
    database
      .prepare(`SELECT * FROM ${table}`)
      .columns()
      .map(({ name }) => name);
  if (!columns("runs").includes("tenant")) {
    database.exec("ALTER TABLE runs ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default'");
  }
  if (!columns("events").includes("position")) database.exec("ALTER TABLE events ADD COLUMN position INTEGER");
  const has = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  const tables = current.prepare(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  );
  for (const row of tables.all()) {
    const { name, sql } = tableSchema.parse(row);
    if (has.get(name) === undefined) database.exec(sql);
  }
}
