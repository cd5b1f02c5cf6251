import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runId } from "#domain";
import { FileBlobs, SqliteJournal } from "#store";
import { scratch } from "../support/scratch.ts";

const fixtures = join(import.meta.dirname, "..", "fixtures", "store");
const killedAgain = runId("heal-killedagain");
const kills = process.env.ASSAY_TEST_DEPTH === "representative" ? 12 : 100;

/** Starts the append loop and kills it after a while; what it had acknowledged by then. */
async function appendUntilKilled(
  database: string,
  width: number,
  env: NodeJS.ProcessEnv,
  killAfterMs?: number,
  run = killedAgain,
) {
  const child: ChildProcess = spawn(process.execPath, [join(fixtures, "append-loop.ts"), database, run, `${width}`], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    if (output === "" && killAfterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    output += text;
  });
  const [, signal] = await once(child, "close");
  expect(signal).toBe("SIGKILL");
  return [...output.matchAll(/^ack (\d+)\n/gm)].map(([, seq]) => Number(seq));
}

async function expectIntact(database: string, acked: number, run = killedAgain): Promise<number> {
  await using journal = await SqliteJournal.open(database);
  const events = await journal.read(run);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.map((event) => event.type === "note" && event.message)).toEqual(
    events.map((_, index) => `event ${index + 1}`),
  );
  expect(events.length).toBeGreaterThanOrEqual(acked);
  return events.length;
}

describe("after kill -9", () => {
  test(`every acknowledged append is in the journal, once and in order (${kills} kills at random times)`, async () => {
    await using folder = await scratch();
    const database = join(folder.path, "journal.db");
    let acked = 0;
    for (let round = 0; round < kills; round++) {
      const acks = await appendUntilKilled(database, 1 + (round % 3) * 4, {}, Math.random() * 60);
      acked = Math.max(acked, ...acks);
      await expectIntact(database, acked);
    }
    expect(acked).toBeGreaterThanOrEqual(kills);
  });

  test("every process that appended to the same file finds what it had acknowledged", async () => {
    await using folder = await scratch();
    const database = join(folder.path, "journal.db");
    const runs = [1, 2, 3, 4].map((n) => runId(`heal-process${n}`));
    for (let round = 0; round < 2; round++) {
      const acks = await Promise.all(
        runs.map((run, n) => appendUntilKilled(database, 1 + n, {}, 100 + Math.random() * 200, run)),
      );
      for (const [n, run] of runs.entries()) await expectIntact(database, Math.max(...(acks[n] ?? [])), run);
    }
  });

  test.each(["journal-before-commit", "journal-after-commit"])("at %s nothing acknowledged is lost", async (point) => {
    await using folder = await scratch();
    const database = join(folder.path, "journal.db");
    const acks = await appendUntilKilled(database, 1, { ASSAY_CRASH_AT: `${point}:5` });
    expect(acks).toEqual([1, 2, 3, 4]);
    expect(await expectIntact(database, 4)).toBe(point === "journal-before-commit" ? 4 : 5);
  });

  test.each(["blob-before-rename", "blob-after-rename"])("at %s the blob is whole or not there", async (point) => {
    await using folder = await scratch();
    const child = spawnSync(process.execPath, [join(fixtures, "put-blob.ts"), folder.path], {
      env: { ...process.env, ASSAY_CRASH_AT: point },
      encoding: "utf8",
    });
    expect(child.signal).toBe("SIGKILL");
    const blobs = new FileBlobs(folder.path);
    const digest = await new FileBlobs(join(folder.path, "other")).put("x".repeat(100_000));
    const found = await blobs.get(digest);
    expect(found?.length).toBe(point === "blob-before-rename" ? undefined : 100_000);
    expect(await blobs.put("x".repeat(100_000))).toBe(digest);
    expect((await blobs.get(digest))?.length).toBe(100_000);
  });
});
