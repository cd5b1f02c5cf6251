import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RunEventBody } from "@assay/sdk";
import { afterAll, describe, expect, test } from "vitest";
import { runId } from "#domain";
import { scratch } from "../../../test/support/scratch.ts";
import { journalContract } from "../../ports/journal.contract.ts";
import { SqliteJournal } from "./sqlite-journal.ts";

const scope = new AsyncDisposableStack();
afterAll(() => scope.disposeAsync());

async function newPath(): Promise<string> {
  return join(scope.use(await scratch()).path, "state", "journal.db");
}

journalContract("SqliteJournal", async () => SqliteJournal.open(await newPath()));

const damaged = runId("heal-damaged1");
const healthy = runId("heal-healthy1");

function note(message: string): RunEventBody {
  return { type: "note", level: "info", message };
}

/** A closed database with three events in each of two runs. */
async function twoRuns(): Promise<string> {
  const path = await newPath();
  await using journal = await SqliteJournal.open(path);
  for (const run of [damaged, healthy]) {
    await journal.append({ run, expectedSeq: 0, events: [note("a"), note("b"), note("c")], idempotencyKey: "1" });
  }
  return path;
}

/** Does to the file what a person with the sqlite3 shell could. */
function tamper(path: string, sql: string): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  database.exec(sql);
  database.close();
}

describe("SqliteJournal", () => {
  const ofDamaged = "run = (SELECT id FROM runs WHERE name = 'heal-damaged1')";
  test.each([
    ["a changed event", 2, `UPDATE events SET body = replace(body, '"b"', '"B"') WHERE ${ofDamaged} AND seq = 2`],
    ["an event that is not JSON", 1, `UPDATE events SET body = '{' WHERE ${ofDamaged} AND seq = 1`],
    ["a missing event in the middle", 2, `DELETE FROM events WHERE ${ofDamaged} AND seq = 2`],
    ["a missing first event", 1, `DELETE FROM events WHERE ${ofDamaged} AND seq = 1`],
    ["a missing last event", 3, `DELETE FROM events WHERE ${ofDamaged} AND seq = 3`],
    [
      "a last event that was cut off with its count",
      2,
      `DELETE FROM events WHERE ${ofDamaged} AND seq = 3; UPDATE runs SET last_seq = 2 WHERE name = 'heal-damaged1'`,
    ],
    [
      "two events that changed places",
      1,
      `UPDATE events SET seq = seq + 10 WHERE ${ofDamaged} AND seq < 3;
       UPDATE events SET seq = 13 - seq WHERE ${ofDamaged} AND seq > 10`,
    ],
  ])("names the run and the place of %s, and goes on with other runs", async (_what, seq, sql) => {
    const path = await twoRuns();
    tamper(path, sql);
    await using journal = await SqliteJournal.open(path);
    const fault = {
      code: "journal-corrupt",
      message: expect.stringContaining(`heal-damaged1 is damaged at event ${seq}`),
    };
    await expect(journal.read(damaged)).rejects.toMatchObject({ fault });
    expect(await journal.read(healthy)).toHaveLength(3);
    const next = await journal.append({ run: healthy, expectedSeq: 3, events: [note("d")], idempotencyKey: "2" });
    expect(next.kind).toBe("appended");
    expect(await journal.runs()).toHaveLength(2);
  });

  test("lists a run whose name was changed as one that cannot be read, beside the others", async () => {
    const path = await twoRuns();
    tamper(path, "UPDATE runs SET name = '../x' WHERE name = 'heal-damaged1'");
    await using journal = await SqliteJournal.open(path);
    const runs = await journal.runs();
    expect(runs.map(({ run }) => run)).toEqual([healthy, "../x"]);
    const named = runs.find(({ run }) => run !== healthy)?.run ?? healthy;
    await expect(journal.read(named)).rejects.toMatchObject({ fault: { code: "journal-corrupt" } });
  });

  test("does not accept an event of an unknown type, however well it is chained", async () => {
    const path = await newPath();
    {
      await using journal = await SqliteJournal.open(path);
      await journal.append({ run: damaged, expectedSeq: 0, events: [note("a")], idempotencyKey: "1" });
    }
    const body = JSON.stringify({ type: "from-the-future", seq: 1, runId: damaged, at: 0 });
    const { createHash } = await import("node:crypto");
    const chain = createHash("sha256").update(`\n${body}`).digest("hex");
    tamper(path, `UPDATE events SET body = '${body}', chain = '${chain}'; UPDATE runs SET head = '${chain}'`);
    await using journal = await SqliteJournal.open(path);
    const fault = { code: "journal-corrupt", message: expect.stringContaining("not an event this version knows") };
    await expect(journal.read(damaged)).rejects.toMatchObject({ fault });
  });

  test("says journal-corrupt with a remedy for a file that is not a database", async () => {
    const path = join(scope.use(await scratch()).path, "journal.db");
    await writeFile(path, "this is not a database, and long enough to be looked at by SQLite\n".repeat(100));
    const fault = { code: "journal-corrupt", remedy: expect.stringContaining("assay doctor --journal --fix") };
    await expect(SqliteJournal.open(path)).rejects.toMatchObject({ fault });
  });

  test("says journal-corrupt for a database whose pages were overwritten", async () => {
    const path = await newPath();
    {
      await using journal = await SqliteJournal.open(path);
      for (let n = 0; n < 40; n++) {
        await journal.append({
          run: damaged,
          expectedSeq: n,
          events: [note("x".repeat(3000))],
          idempotencyKey: `${n}`,
        });
      }
    }
    const { open } = await import("node:fs/promises");
    await using file = await open(path, "r+");
    const { size } = await file.stat();
    await file.write(Buffer.alloc(size - 8192, 0xa5), 0, size - 8192, 8192);
    const opened = SqliteJournal.open(path).then(async (journal) => {
      await using reading = journal;
      return reading.read(damaged);
    });
    await expect(opened).rejects.toMatchObject({ fault: { code: "journal-corrupt" } });
  });

  test("says state-not-writable for a file written by a newer version", async () => {
    const path = await twoRuns();
    tamper(path, "INSERT INTO schema_versions VALUES (9999, 0)");
    await expect(SqliteJournal.open(path)).rejects.toMatchObject({ fault: { code: "state-not-writable" } });
  });

  test("says run-locked when another connection keeps the write lock, and recovers when it is gone", async () => {
    const path = await newPath();
    await using journal = await SqliteJournal.open(path, { lockWaitMsMax: 100 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const request = { run: healthy, expectedSeq: 0, events: [note("a")], idempotencyKey: "1" };
    await expect(journal.append(request)).rejects.toMatchObject({ fault: { code: "run-locked" } });
    expect(await journal.read(healthy)).toEqual([]);
    other.exec("ROLLBACK");
    other.close();
    expect((await journal.append(request)).kind).toBe("appended");
  });

  test("has synced what a killed writer left unsynced before anybody reads it", async () => {
    const path = await newPath();
    await using writer = await SqliteJournal.open(path);
    await writer.append({ run: healthy, expectedSeq: 0, events: [note("a")], idempotencyKey: "1" });
    const copy = join(scope.use(await scratch()).path, "journal.db");
    // As a killed process leaves it: with a WAL that nobody has taken into the file.
    for (const suffix of ["", "-wal"]) await copyFile(path + suffix, copy + suffix);
    await using reader = await SqliteJournal.open(copy);
    // Only what was synced is ever moved from the WAL to the file: a file that holds it without its WAL shows that it was.
    const moved = join(scope.use(await scratch()).path, "journal.db");
    await copyFile(copy, moved);
    await using alone = await SqliteJournal.open(moved);
    expect(await alone.read(healthy)).toEqual(await reader.read(healthy));
    expect(await alone.read(healthy)).toHaveLength(1);
  });

  test("waits for another connection's lock without holding up the program", async () => {
    const path = await newPath();
    await using journal = await SqliteJournal.open(path, { lockWaitMsMax: 30_000 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const appended = journal.append({ run: healthy, expectedSeq: 0, events: [note("a")], idempotencyKey: "1" });
    let turns = 0;
    const ticking = setInterval(() => turns++, 5);
    await new Promise((resolve) => setTimeout(resolve, 300));
    other.exec("ROLLBACK");
    other.close();
    expect((await appended).kind).toBe("appended");
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(3);
  });

  test("commits with synchronous=FULL in WAL mode, and the same for every process that opens it", async () => {
    const path = await newPath();
    const opened = await Promise.all(Array.from({ length: 8 }, () => SqliteJournal.open(path)));
    const runs = opened.map((_, n) => runId(`heal-parallel${n}`));
    await Promise.all(
      opened.map(async (journal, n) => {
        const run = runs[n] ?? healthy;
        for (let seq = 0; seq < 10; seq++) {
          await journal.append({ run, expectedSeq: seq, events: [note("x")], idempotencyKey: `${seq}` });
        }
      }),
    );
    for (const run of runs) expect(await opened[0]?.read(run)).toHaveLength(10);
    await Promise.all(opened.map((journal) => journal[Symbol.asyncDispose]()));
    const database = new DatabaseSync(path);
    expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    database.close();
  });
});
