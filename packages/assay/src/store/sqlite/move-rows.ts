import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { z } from "zod";
import { isConstraint } from "./sqlite-fault.ts";

/** Besides runs and their events, with what their rows are ordered by. */
const keys = {
  requests: ["tenant", "key"],
  api_keys: ["id"],
  mutations: ["seq"],
  workers: ["id"],
  circuit_changes: ["seq"],
  settings: ["tenant", "name"],
} as const;
export type OtherTable = keyof typeof keys;
export const otherTables = Object.keys(keys) as OtherTable[];

const counterSchema = z.object({ name: z.string(), seq: z.int().min(0) });

/**
 * As they are, column by column; false where one of them cannot be read, or is none that could have been written. Throws what the target
 * fails with otherwise, such as a full disk: that must not pass for damage of the source.
 */
export function moveRows(source: DatabaseSync, target: DatabaseSync, table: string, where: string): boolean {
  let whole = true;
  const rows = rowsOf(source, `SELECT * FROM ${table} ${where}`);
  for (let insert: StatementSync | undefined; ; ) {
    const row = rows();
    if (row === "unreadable") return false;
    if (row === undefined) return whole;
    const columns = Object.keys(row);
    const places = columns.map(() => "?").join(", ");
    insert ??= target.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${places})`);
    try {
      insert.run(...Object.values(row));
    } catch (error) {
      if (!isConstraint(error)) throw error;
      whole = false;
    }
  }
}

/** One row at a time, `undefined` behind the last. */
function rowsOf(source: DatabaseSync, query: string): () => Record<string, SQLOutputValue> | "unreadable" | undefined {
  let rows: Iterator<Record<string, SQLOutputValue>> | undefined;
  return () => {
    try {
      rows ??= source.prepare(query).iterate();
      const next = rows.next();
      return next.done ? undefined : next.value;
    } catch {
      // That it was not all is what is told.
      return "unreadable";
    }
  };
}

/** Rows are read from both ends, so that an unreadable page hides no more than itself. False where a row may be missing. */
export function moveTable(source: DatabaseSync, target: DatabaseSync, table: OtherTable): boolean {
  target.exec("BEGIN IMMEDIATE");
  const [forth, back] = ["ASC", "DESC"].map((order) => keys[table].map((column) => `${column} ${order}`).join(", "));
  const whole = moveRows(source, target, table, `ORDER BY ${forth}`);
  // A row that is there already is refused by its key.
  if (!whole) moveRows(source, target, table, `ORDER BY ${back}`);
  target.exec("COMMIT");
  return whole;
}

/**
 * Numbers that were given once are not given again, where the rows that had them are gone too: a client that resumes behind a
 * position would miss what is appended there.
 */
export function moveCounters(source: DatabaseSync, target: DatabaseSync): void {
  const raise = target.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?");
  const add = target.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)");
  for (const { name, seq } of countersOf(source)) if (raise.run(seq, name).changes === 0) add.run(name, seq);
}

function countersOf(source: DatabaseSync): z.infer<typeof counterSchema>[] {
  try {
    const rows = source.prepare("SELECT name, seq FROM sqlite_sequence").all();
    return rows.flatMap((row) => counterSchema.safeParse(row).data ?? []);
  } catch {
    // Without them the highest number that was saved counts.
    return [];
  }
}
