import { access } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import type { Listing, RunEvent } from "@assay/sdk";
import { z } from "zod";
import { FaultError } from "#domain";
import type { Owners } from "#ports";
import { checkWal } from "./check-wal.ts";
import { currentVersion, schemaVersion } from "./schema.ts";
import { asSqliteFault } from "./sqlite-fault.ts";
import { storedRuns } from "./stored-runs.ts";

export type JournalCheck = Omit<Extract<Listing, { type: "journal-checked" }>, "type">;

export type DatabaseCheck = {
  checks: JournalCheck[];
  /** Of each run that can be read. */
  runs: ReadonlyMap<string, readonly RunEvent[]>;
};

/** Complaints of SQLite that are told. */
const complaintsMax = 5;
const countSchema = z.object({ count: z.int() });
const lockSchema = z.object({ name: z.string(), owner: z.string(), holder: z.string() });

/** Looks at everything that the state database promises, and changes nothing. Does not throw for what is wrong with it. */
export async function checkDatabase(path: string, owners: Owners): Promise<DatabaseCheck> {
  if (!(await exists(path)))
    return { checks: [{ check: "database", status: "ok", detail: `there is none yet at ${path}` }], runs: new Map() };
  // Opening a database makes a log where there is none, and so hides that one is missing.
  const log = await checkWal(path, fixRemedy);
  const still = !(await exists(`${path}-wal`));
  const found = checkFile(path, owners, log, still);
  // Somebody began to write meanwhile: what was read may be half of something.
  return still && (await exists(`${path}-wal`)) ? checkFile(path, owners, log, false) : found;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** `still`: nobody writes, and nothing beside the file is looked at or made (https://www.sqlite.org/uri.html#uriimmutable). */
function checkFile(path: string, owners: Owners, log: JournalCheck[], still: boolean): DatabaseCheck {
  let database: DatabaseSync | undefined;
  try {
    const url = pathToFileURL(path);
    if (still) url.searchParams.set("immutable", "1");
    database = new DatabaseSync(url, { readOnly: true, timeout: 2_000 });
    const pages = checkPages(database, path);
    const version = checkVersion(database, path);
    if (version.status !== "ok") return { checks: [pages, ...log, version], runs: new Map() };
    const { checks, runs } = checkRuns(database, path);
    return { checks: [pages, ...log, version, ...checks, ...checkLocks(database, owners)], runs };
  } catch (error) {
    return { checks: [unreadable(error, path), ...log], runs: new Map() };
  } finally {
    database?.close();
  }
}

function unreadable(error: unknown, path: string): JournalCheck {
  const cause = asSqliteFault(error, path);
  if (!(cause instanceof FaultError)) throw error;
  const { code, message, remedy } = cause.fault;
  // Nothing says that it is damaged when it cannot be looked at.
  if (code !== "journal-corrupt")
    return { check: "database", status: "limited", detail: message, ...(remedy && { remedy }) };
  return { check: "database", status: "damaged", detail: message, remedy: fixRemedy };
}

const fixRemedy = "keep a copy and save what can be read: assay doctor --journal --fix";

/** https://www.sqlite.org/pragma.html#pragma_quick_check */
function checkPages(database: DatabaseSync, path: string): JournalCheck {
  const complaints = database
    .prepare(`PRAGMA quick_check(${complaintsMax})`)
    .all()
    .map((row) => String(row.quick_check));
  if (complaints.length === 1 && complaints[0] === "ok") {
    return { check: "database", status: "ok", detail: `every page of ${path} is in its place` };
  }
  return { check: "database", status: "damaged", detail: complaints.join("; "), remedy: fixRemedy };
}

function checkVersion(database: DatabaseSync, path: string): JournalCheck {
  const version = currentVersion(database);
  if (version === schemaVersion) return { check: "format", status: "ok", detail: `version ${version}` };
  if (version > schemaVersion) {
    const detail = `${path} has format ${version}; this assay knows ${schemaVersion}`;
    return { check: "format", status: "limited", detail, remedy: "use the newer version of assay" };
  }
  return {
    check: "format",
    status: "limited",
    detail: `format ${version} is brought to ${schemaVersion} by the next command that opens it; its runs were not looked at`,
    remedy: "list the runs, then check again: assay runs",
  };
}

function checkRuns(database: DatabaseSync, path: string) {
  const { runs, complete } = storedRuns(database, path);
  const damaged = runs.filter((run) => run.kind === "damaged");
  const checks: JournalCheck[] = damaged.map(({ name, because }) => ({
    check: "run",
    status: "damaged",
    detail: `${name}: ${because}`,
    remedy: fixRemedy,
  }));
  checks.push({
    check: "runs",
    status: "ok",
    detail: `${runs.length - damaged.length} of ${runs.length} have an unbroken chain`,
  });
  if (!complete) {
    checks.push({
      check: "runs",
      status: "damaged",
      detail: "there may be more, on pages that cannot be read",
      remedy: fixRemedy,
    });
  }
  checks.push(checkPositions(database));
  return { checks, runs: new Map(runs.flatMap((run) => (run.kind === "intact" ? [[run.name, run.events]] : []))) };
}

function checkPositions(database: DatabaseSync): JournalCheck {
  const count = (sql: string) => countSchema.parse(database.prepare(sql).get()).count;
  const strays = count("SELECT count(*) AS count FROM events WHERE run NOT IN (SELECT id FROM runs)");
  const swapped = count(
    "SELECT count(*) AS count FROM events AS a JOIN events AS b ON b.run = a.run AND b.seq = a.seq + 1 WHERE b.position <= a.position",
  );
  if (strays + swapped === 0)
    return { check: "positions", status: "ok", detail: "events stand in the order of their commits" };
  const detail = `${strays} events belong to no run, ${swapped} stand before their predecessor`;
  return { check: "positions", status: "damaged", detail, remedy: fixRemedy };
}

function checkLocks(database: DatabaseSync, owners: Owners): JournalCheck[] {
  return database
    .prepare("SELECT name, owner, holder FROM locks")
    .all()
    .map((row) => {
      const { name, owner, holder } = lockSchema.parse(row);
      const liveness = owners.liveness(owner);
      const detail = `${holder} (${owners.describe(owner)}) on ${name}`;
      if (liveness === "alive") return { check: "lock", status: "ok", detail: `held by ${detail}` };
      if (liveness === "dead")
        return {
          check: "lock",
          status: "limited",
          detail: `left by ${detail}, which is gone: the next command takes it over`,
        };
      return {
        check: "lock",
        status: "limited",
        detail: `of ${detail}, which cannot be asked`,
        remedy: "if it is gone: --force",
      };
    });
}
