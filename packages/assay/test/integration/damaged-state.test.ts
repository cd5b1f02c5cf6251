import { cp, open, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jsonLines, projectCopy, resultOf, runAssay } from "../support/run-assay.ts";
import { stateWithRuns } from "../support/state-with-runs.ts";

const others = ["heal-oldoldold1", "heal-oldoldold2"];
let place: Awaited<ReturnType<typeof killedHeal>>;
beforeAll(async () => {
  place = await killedHeal();
});
afterAll(() => place.copy[Symbol.asyncDispose]());

/** Two runs that ended, and one whose process was killed: its events are in the write-ahead log alone. */
async function killedHeal() {
  const copy = await projectCopy("python-prices");
  const { home, project } = copy;
  const before = process.env.XDG_CONFIG_HOME;
  process.env.XDG_CONFIG_HOME = join(home, "config");
  try {
    await stateWithRuns(
      project,
      others.map((name) => ({ name })),
    );
  } finally {
    if (before === undefined) delete process.env.XDG_CONFIG_HOME;
    else process.env.XDG_CONFIG_HOME = before;
  }
  const killed = await runAssay(home, ["heal", project, "--json"], {
    env: { ASSAY_CRASH_AT: "journal-after-commit:9" },
  });
  expect(killed.signal).toBe("SIGKILL");
  const state = join(project, ".assay");
  await cp(state, join(home, "kept"), { recursive: true });
  return { copy, home, project, state, journal: join(state, "journal.sqlite"), told: jsonLines(killed) };
}

/** The state as the killed process left it, then damaged. */
async function damaged(damage: (journal: string) => Promise<void>) {
  const { home, project, state, journal, told } = place;
  await rm(state, { recursive: true });
  await cp(join(home, "kept"), state, { recursive: true });
  await damage(journal);
  const assay = async (...args: string[]) => runAssay(home, [...args, "--json"]);
  const doctor = async (...args: string[]) => {
    const ended = await assay("doctor", "--journal", project, ...args);
    const checks = jsonLines(ended).flatMap((line) =>
      "check" in line ? [line as unknown as { check: string; status: string }] : [],
    );
    return {
      exitCode: resultOf(ended).exitCode,
      summary: resultOf(ended).summary,
      odd: checks.filter(({ status }) => status !== "ok"),
    };
  };
  const runs = async () =>
    jsonLines(await assay("runs", project)).flatMap((line) => ("run" in line ? [String(line.run)] : []));
  const resume = async () => resultOf(await assay("resume", "last", "-C", project));
  const lastEvents = async () => jsonLines(await assay("show", "last", "-C", project));
  return { assay, doctor, runs, resume, lastEvents, told, project, journal };
}

/** As a process that ends by itself leaves it: all in one file. */
function takeLogOver(journal: string): void {
  const database = new DatabaseSync(journal);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

async function overwrite(path: string, bytes: number): Promise<void> {
  await using file = await open(path, "r+");
  await file.write(Buffer.alloc(bytes, 0xa5), 0, bytes, 0);
}

describe("a state database that heal was killed over", () => {
  test("without its -shm loses nothing, and the run goes on", async () => {
    const { doctor, resume, lastEvents, told } = await damaged((journal) => rm(`${journal}-shm`));
    expect(await doctor()).toMatchObject({ exitCode: 0, odd: [{ check: "lock" }, { check: "lease" }] });
    expect(await resume()).toMatchObject({ outcome: "accepted", exitCode: 0 });
    const shown = await lastEvents();
    for (const event of told) expect(shown).toContainEqual(event);
  });

  test("whose -wal was cut off keeps what stands before, which doctor says, and the run goes on", async () => {
    const { doctor, runs, resume, lastEvents, told } = await damaged(async (journal) =>
      truncate(`${journal}-wal`, Math.floor((await stat(`${journal}-wal`)).size * 0.6)),
    );
    expect((await doctor()).odd).toContainEqual(
      expect.objectContaining({ check: "log", status: "limited", detail: expect.stringContaining("cut off") }),
    );
    expect(await runs()).toEqual(expect.arrayContaining(others));
    const kept = await lastEvents();
    expect(kept.length).toBeGreaterThan(1);
    expect(told.slice(0, kept.length - 1)).toEqual(kept.slice(0, told.length).slice(0, kept.length - 1));
    expect(await resume()).toMatchObject({ outcome: "accepted", exitCode: 0 });
    expect((await doctor()).exitCode).toBe(0);
  });

  test("whose -wal is gone keeps the other runs, and doctor says what is missing until it is fixed", async () => {
    const { assay, doctor, runs, project } = await damaged((journal) => rm(`${journal}-wal`));
    const found = await doctor();
    expect(found.exitCode).toBe(4);
    expect(found.odd).toContainEqual(
      expect.objectContaining({ check: "log", status: "damaged", detail: expect.stringContaining("missing") }),
    );
    expect(await doctor("--fix")).toMatchObject({ exitCode: 0, summary: expect.stringContaining("2 runs saved") });
    expect((await runs()).toSorted()).toEqual(others);
    expect(resultOf(await assay("heal", project))).toMatchObject({ outcome: "accepted", exitCode: 0 });
  });

  test("whose header is damaged is refused with what to do, and fixing it loses nothing", async () => {
    const { assay, doctor, runs, resume, lastEvents, told, project } = await damaged(async (journal) => {
      takeLogOver(journal);
      await overwrite(journal, 100);
    });
    for (const command of ["runs", "heal"]) {
      expect(resultOf(await assay(command, project))).toMatchObject({
        exitCode: 4,
        fault: { code: "journal-corrupt", remedy: expect.stringContaining("assay doctor --journal --fix") },
      });
    }
    const found = await doctor();
    expect(found).toMatchObject({ exitCode: 4, odd: [{ check: "database", status: "damaged" }] });
    expect(await doctor("--fix")).toMatchObject({ exitCode: 0, summary: expect.stringContaining("3 runs saved") });
    expect(await runs()).toHaveLength(3);
    expect(await resume()).toMatchObject({ outcome: "accepted", exitCode: 0 });
    const shown = await lastEvents();
    for (const event of told) expect(shown).toContainEqual(event);
  });

  test("that somebody keeps locked is told so, can be looked at, and the run goes on afterwards", async () => {
    const { assay, doctor, runs, resume, project, journal } = await damaged(async () => undefined);
    const holder = new DatabaseSync(journal);
    try {
      holder.exec("BEGIN IMMEDIATE");
      expect(resultOf(await assay("heal", project))).toMatchObject({
        exitCode: 4,
        fault: { code: "run-locked", remedy: expect.stringContaining("wait for it") },
      });
      expect((await doctor()).exitCode).toBe(0);
      expect(await runs()).toHaveLength(3);
    } finally {
      holder.close();
    }
    expect(await resume()).toMatchObject({ outcome: "accepted", exitCode: 0 });
  });

  test("that is locked while heal runs stops it with what to do, and it goes on where it was", async () => {
    const { doctor, resume, lastEvents, project, journal } = await damaged(async () => undefined);
    let holder: DatabaseSync | undefined;
    const ended = await runAssay(place.home, ["heal", project, "--json"], {
      onStdout: (text) => {
        if (holder !== undefined || !text.includes('"step-finished"')) return;
        holder = new DatabaseSync(journal, { timeout: 5_000 });
        holder.exec("BEGIN IMMEDIATE");
      },
    });
    holder?.close();
    expect(resultOf(ended)).toMatchObject({ exitCode: 4, fault: { code: "run-locked" } });
    expect((await doctor()).exitCode).toBe(0);
    expect(await resume()).toMatchObject({ outcome: "accepted", exitCode: 0 });
    const shown = await lastEvents();
    for (const event of jsonLines(ended).slice(0, -1)) expect(shown).toContainEqual(event);
  });
});
