import { cp, open, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RunEventBody } from "@assay/sdk";
import { afterAll, describe, expect, test } from "vitest";
import { type RunId, runId } from "#domain";
import { scratch } from "../../../test/support/scratch.ts";
import { ProcessOwners } from "../process/process-owners.ts";
import { checkDatabase } from "./check-database.ts";
import { otherTables } from "./move-rows.ts";
import { salvageDatabase } from "./salvage.ts";
import { SqliteJournal } from "./sqlite-journal.ts";

const scope = new AsyncDisposableStack();
afterAll(() => scope.disposeAsync());
const runs = [1, 2, 3, 4].map((n) => runId(`heal-salvaged${n}`));
const note = (message: string): RunEventBody => ({ type: "note", level: "info", message });

/** Four runs of thirty events, some pages each, two of another tenant; closed. */
async function fourRuns(): Promise<string> {
  const path = join(scope.use(await scratch()).path, "journal.sqlite");
  for (const [index, run] of runs.entries()) {
    await using journal = await SqliteJournal.open(path, { tenant: index < 2 ? "default" : "other" });
    for (let seq = 0; seq < 30; seq++) {
      await journal.append({
        run,
        expectedSeq: seq,
        events: [note(`${seq} ${"x".repeat(500)}`)],
        idempotencyKey: `${seq}`,
      });
    }
  }
  return path;
}

async function damagedChecks(path: string) {
  const { checks } = await checkDatabase(path, new ProcessOwners());
  return checks.filter(({ status }) => status === "damaged");
}

/** Every run is in the new database as it was, or in quarantine, or it is said that runs may be missing. */
async function expectNothingLostSilently(path: string, kept: number) {
  expect((await damagedChecks(path)).length).toBeGreaterThan(0);
  const before = await readFile(path);
  const copy = join(dirname(path), "before");
  const salvage = await salvageDatabase(path, copy);
  expect(await readFile(join(copy, "journal.sqlite"))).toEqual(before);
  expect(await damagedChecks(path)).toEqual([]);
  expect(salvage.saved.length).toBeGreaterThanOrEqual(kept);
  if (salvage.complete) expect(salvage.saved.length + salvage.quarantined.length).toBe(runs.length);
  for (const name of salvage.saved) {
    await using journal = await SqliteJournal.open(path, {
      tenant: runs.indexOf(name as RunId) < 2 ? "default" : "other",
    });
    expect(await journal.read(name as RunId)).toHaveLength(30);
    const request = { run: name as RunId, expectedSeq: 29, events: [note("again")], idempotencyKey: "29" };
    expect((await journal.append(request)).kind).toBe("duplicate");
    expect((await journal.append({ ...request, expectedSeq: 30, idempotencyKey: "30" })).kind).toBe("appended");
  }
  for (const { file } of salvage.quarantined) expect((await stat(file)).isFile()).toBe(true);
  return salvage;
}

async function overwrite(path: string, from: number, bytes: Buffer): Promise<void> {
  await using file = await open(path, "r+");
  await file.write(bytes, 0, bytes.length, from);
}

describe("a damaged database", () => {
  test("is sound to begin with", async () => {
    const path = await fourRuns();
    const { checks, runs: readable } = await checkDatabase(path, new ProcessOwners());
    expect(checks.map(({ status }) => status)).toEqual(["ok", "ok", "ok", "ok"]);
    expect([...readable.keys()]).toEqual(runs);
  });

  test("with one changed event gives all other runs whole, and what is left of that one as lines", async () => {
    const path = await fourRuns();
    const database = new DatabaseSync(path);
    database.exec("UPDATE events SET body = replace(body, 'x', 'y') WHERE run = 2 AND seq = 7");
    database.close();
    const salvage = await expectNothingLostSilently(path, 3);
    expect(salvage.quarantined).toMatchObject([{ run: runs[1], because: expect.stringContaining("event 7") }]);
    const lines = (await readFile(salvage.quarantined[0]?.file ?? "", "utf8")).trim().split("\n");
    expect(lines).toHaveLength(30);
  });

  test("cut off in the middle says that there may have been more, and keeps the file as it was found", async () => {
    const path = await fourRuns();
    const { size } = await stat(path);
    await truncate(path, Math.floor(size / 2 / 4096) * 4096);
    await expectNothingLostSilently(path, 0);
  });

  test("that is no database is kept beside an empty one", async () => {
    const path = await fourRuns();
    await writeFile(path, "not a database\n".repeat(1000));
    const salvage = await expectNothingLostSilently(path, 0);
    expect(salvage).toMatchObject({ saved: [], complete: false });
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "with garbage on a page loses no run silently (page drawn: %i of 8)",
    async (eighth) => {
      const path = await fourRuns();
      const { size } = await stat(path);
      const page = Math.max(1, Math.floor(((size / 4096) * eighth) / 8) - 1);
      await overwrite(path, page * 4096, Buffer.alloc(4096, 0xa5));
      await expectNothingLostSilently(path, 0);
    },
  );

  test("is left as it is by looking at it", async () => {
    const path = await fourRuns();
    await truncate(path, (await stat(path)).size - 4096);
    const before = await readFile(path);
    await damagedChecks(path);
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(dirname(path))).toEqual(["journal.sqlite"]);
  });

  test("with a damaged header alone gives every run", async () => {
    const path = await fourRuns();
    await overwrite(path, 0, Buffer.alloc(100, 0xa5));
    const salvage = await expectNothingLostSilently(path, 4);
    expect(salvage).toMatchObject({ saved: runs, quarantined: [], lost: [], complete: true });
  });

  test("gives what stands beside the runs, and does not give a number again that was given once", async () => {
    const path = await fourRuns();
    const database = new DatabaseSync(path);
    database.exec(`
      INSERT INTO requests VALUES ('default', 'key', 'digest', 'heal-salvaged1', 1);
      INSERT INTO api_keys VALUES ('id', 'default', 'ci', 'hash', '[]', 1, NULL, 7, NULL, 'local');
      INSERT INTO mutations VALUES (41, 'default', 1, 'id', 'createRun', 'heal-salvaged1', 201, 'request');
      INSERT INTO workers (id, tenant, name, role, capabilities, public_key, registered_at, last_seen_at, revoked_at, revoked_because)
        VALUES ('worker', 'default', 'one', 'tester', '[]', 'key', 1, 2, 3, 'it lied');
      INSERT INTO circuit_changes VALUES (7, 'default', 'system', 'closed', 'open', 'because', 1, NULL);
      INSERT INTO settings VALUES ('default', 'halted', 'true');
      UPDATE events SET body = 'x' WHERE run = 4 AND seq = 30;
      DELETE FROM mutations;
    `);
    const rows = (from: DatabaseSync) => otherTables.map((table) => from.prepare(`SELECT * FROM ${table}`).all());
    const before = rows(database);
    const counters = (from: DatabaseSync) => from.prepare("SELECT name, seq FROM sqlite_sequence ORDER BY name").all();
    const given = counters(database);
    database.close();
    expect(await expectNothingLostSilently(path, 3)).toMatchObject({ lost: [] });
    const after = new DatabaseSync(path);
    expect(rows(after)).toEqual(before);
    expect(before.map(({ length }) => length)).toEqual([1, 1, 0, 1, 1, 1]);
    // Three events were appended since.
    expect(given).toMatchObject([
      { name: "circuit_changes" },
      { name: "events", seq: 120 },
      { name: "mutations", seq: 41 },
    ]);
    expect(counters(after)).toMatchObject([{ seq: 7 }, { seq: 123 }, { seq: 41 }]);
    after.close();
  });

  test("knows every table that there is", async () => {
    const database = new DatabaseSync(await fourRuns());
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all();
    database.close();
    // A lock is of a process that works on the project now; versions are written anew.
    const known = ["runs", "events", "appends", "locks", "schema_versions", ...otherTables];
    expect(tables.map(({ name }) => String(name)).toSorted()).toEqual(known.toSorted());
  });

  test("of the first format gives its runs too", async () => {
    const path = join(scope.use(await scratch()).path, "journal.sqlite");
    await cp(join(import.meta.dirname, "../../../test/fixtures/journals/v1/journal.db"), path);
    await overwrite(path, 0, Buffer.alloc(100, 0xa5));
    const salvage = await salvageDatabase(path, join(dirname(path), "before"));
    expect(salvage).toMatchObject({ quarantined: [], lost: [], complete: true });
    expect(salvage.saved).toHaveLength(2);
    await using journal = await SqliteJournal.open(path);
    for (const name of salvage.saved) expect((await journal.read(name as RunId)).length).toBeGreaterThan(5);
    expect(await damagedChecks(path)).toEqual([]);
  });

  test("is kept as it was found although its log is read into another copy", async () => {
    const { path, files } = await killedWriter();
    await overwrite(path, 0, Buffer.alloc(100, 0xa5));
    const copy = join(dirname(path), "before");
    const found = await Promise.all(files.map((suffix) => readFile(path + suffix)));
    const salvage = await salvageDatabase(path, copy);
    expect(salvage).toMatchObject({ saved: [runs[0]], complete: true });
    const kept = await Promise.all(files.map((suffix) => readFile(join(copy, `journal.sqlite${suffix}`))));
    expect(kept.map((bytes, index) => bytes.equals(found[index] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
    expect((await readdir(dirname(path))).toSorted()).toEqual(["before", "journal.sqlite"]);
    expect(await eventsIn(path)).toBe(20);
  });
});

/** The files that `kill -9` leaves: all twenty events are in the log, some also in the database. */
async function killedWriter() {
  const folder = scope.use(await scratch()).path;
  const live = join(folder, "live", "journal.sqlite");
  const path = join(folder, "killed", "journal.sqlite");
  const files = ["", "-wal", "-shm"];
  const [run] = runs as [RunId];
  await using journal = await SqliteJournal.open(live);
  for (let seq = 0; seq < 20; seq++) {
    const request = { run, expectedSeq: seq, idempotencyKey: `${seq}`, events: [note(`${seq} ${"x".repeat(500)}`)] };
    await journal.append(request);
  }
  for (const suffix of files) await cp(live + suffix, path + suffix);
  return { path, files };
}

async function eventsIn(path: string): Promise<number> {
  await using journal = await SqliteJournal.open(path);
  const [run] = runs as [RunId];
  return (await journal.read(run)).length;
}

describe("the write-ahead log that a killed writer left", () => {
  const logOf = async (path: string) =>
    (await checkDatabase(path, new ProcessOwners())).checks.filter(({ check }) => check === "log");

  test("is whole, and everything acknowledged is read, with and without its index", async () => {
    for (const withIndex of [true, false]) {
      const { path } = await killedWriter();
      if (!withIndex) await rm(`${path}-shm`);
      expect(await logOf(path)).toMatchObject([{ status: "ok" }]);
      expect(await eventsIn(path)).toBe(20);
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7])("cut off at %i eighths keeps every event before, and is told", async (eighths) => {
    const { path } = await killedWriter();
    const { size } = await stat(`${path}-wal`);
    await truncate(`${path}-wal`, Math.floor((size * eighths) / 8));
    expect(await logOf(path)).toMatchObject([{ status: "limited", detail: expect.stringContaining("cut off") }]);
    const left = await eventsIn(path);
    expect(left).toBeLessThan(20);
    expect(left).toBeGreaterThanOrEqual(Math.floor((20 * eighths) / 8) - 4);
    expect(await damagedChecks(path)).toEqual([]);
  });

  test("with garbage in its middle keeps every event before, and is told", async () => {
    const { path } = await killedWriter();
    const { size } = await stat(`${path}-wal`);
    await overwrite(`${path}-wal`, Math.floor(size / 2), Buffer.alloc(100, 0xa5));
    expect(await logOf(path)).toMatchObject([{ status: "limited" }]);
    expect(await eventsIn(path)).toBeGreaterThan(5);
  });

  test("with a damaged header is damage", async () => {
    const { path } = await killedWriter();
    await overwrite(`${path}-wal`, 0, Buffer.alloc(32, 0xa5));
    expect(await logOf(path)).toMatchObject([{ status: "damaged", remedy: expect.stringContaining("--fix") }]);
  });

  test("that somebody removed is damage while its index is there", async () => {
    const { path } = await killedWriter();
    await rm(`${path}-wal`);
    for (const _ of ["once", "again"]) {
      expect(await logOf(path)).toMatchObject([{ status: "damaged", detail: expect.stringContaining("missing") }]);
    }
  });
});
