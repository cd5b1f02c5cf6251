import type { DatabaseSync } from "node:sqlite";
import type { RunEvent } from "@assay/sdk";
import { z } from "zod";
import { FaultError, type RunId } from "#domain";
import { EventRows } from "./event-rows.ts";
import { asSqliteFault } from "./sqlite-fault.ts";

const rowSchema = z.object({ id: z.int(), tenant: z.string(), name: z.string() });

/** One run of a file, of whichever tenant: what it holds, or why that cannot be told. */
export type StoredRun = { id: number; tenant: string; name: string } & (
  | { kind: "intact"; events: RunEvent[] }
  | { kind: "damaged"; because: string }
);

/**
 * All runs of a database that may be damaged. Rows are asked for from both ends, so that an unreadable page hides no more than itself
 * and what only it leads to; `complete` says whether there may be runs that nobody can name any more.
 */
export function storedRuns(database: DatabaseSync, path: string): { runs: StoredRun[]; complete: boolean } {
  const found = new Map<number, z.infer<typeof rowSchema>>();
  const ends = ["ASC", "DESC"].map((order) => {
    try {
      for (const row of database.prepare(`SELECT id, tenant, name FROM runs ORDER BY id ${order}`).iterate()) {
        const run = rowSchema.safeParse(row).data;
        if (run !== undefined) found.set(run.id, run);
      }
      return true;
    } catch {
      // What was read until then counts; that it was not all is what is told.
      return false;
    }
  });
  const runs = [...found.values()].toSorted((a, b) => a.id - b.id).map((run) => readOne(database, path, run));
  return { runs, complete: ends.every(Boolean) };
}

function readOne(database: DatabaseSync, path: string, run: z.infer<typeof rowSchema>): StoredRun {
  try {
    return { ...run, kind: "intact", events: new EventRows(database, path, run.tenant).read(run.name as RunId, 0) };
  } catch (error) {
    const cause = asSqliteFault(error, path);
    return { ...run, kind: "damaged", because: cause instanceof FaultError ? cause.fault.message : String(cause) };
  }
}
