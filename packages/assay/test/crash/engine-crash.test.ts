import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Result, type RunEvent, resultSchema } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import type { CrashPoint } from "#ports";
import { SqliteJournal } from "#store";
import { scratch } from "../support/scratch.ts";

const program = join(import.meta.dirname, "..", "fixtures", "engine", "run-workflow.ts");
const steps = ["base", "big", "evidence", "left/search", "proof", "right/search"];
/** `npm test` takes a representative part; `npm run test:crash` the whole. */
const exhaustive = process.env.ASSAY_TEST_DEPTH !== "representative";
const loops = exhaustive ? 4 : 1;
const livesMax = 60;

type Life = { result: Result } | { killed: true };

async function live(directory: string, crashAt: string | undefined, killAfterMs?: number): Promise<Life> {
  const { ASSAY_CRASH_AT: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, directory], {
    stdio: ["ignore", "pipe", "inherit"],
    env: crashAt === undefined ? env : { ...env, ASSAY_CRASH_AT: crashAt },
  });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code, signal] = await once(child, "close");
  clearTimeout(timer);
  if (signal === "SIGKILL") return { killed: true };
  expect(code).toBe(0);
  return { result: resultSchema.parse(JSON.parse(output)) };
}

async function journalOf(directory: string): Promise<RunEvent[]> {
  await using journal = await SqliteJournal.open(join(directory, "journal.db"));
  const runs = await journal.runs();
  expect(runs.length).toBeLessThanOrEqual(1);
  return runs[0] === undefined ? [] : journal.read(runs[0].run);
}

async function effectsOf(directory: string): Promise<string[]> {
  const text = await readFile(join(directory, "effects.log"), "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

/**
 * Lives of one run, each ended as `death` says, until one is not killed. Between any two: no step that was finished was executed
 * again. At the end: each step and each emission in the journal once.
 */
async function liveUntilDone(death: (life: number) => { crashAt?: string; killAfterMs?: number }) {
  await using folder = await scratch();
  for (let kills = 0; kills < livesMax; kills++) {
    const finished = (await journalOf(folder.path)).flatMap((event) =>
      event.type === "step-finished" ? [event.key] : [],
    );
    const before = (await effectsOf(folder.path)).length;
    const { crashAt, killAfterMs } = death(kills);
    const life = await live(folder.path, crashAt, killAfterMs);
    const executed = (await effectsOf(folder.path)).slice(before);
    expect(executed.filter((name) => finished.includes(name))).toEqual([]);
    if ("killed" in life) continue;
    const events = await journalOf(folder.path);
    expect(events.flatMap((event) => (event.type === "step-finished" ? [event.key] : [])).toSorted()).toEqual(steps);
    expect(events.filter(({ type }) => type === "note")).toHaveLength(2);
    expect(events.filter(({ type }) => type === "budget-settled")).toHaveLength(1);
    expect(events.filter(({ type }) => type === "run-started")).toHaveLength(1);
    expect(events.at(-1)?.type).toBe("result");
    return { ...life, kills };
  }
  throw new Error(`not done after ${livesMax} lives`);
}

describe("a run that is killed", () => {
  const undisturbed = liveUntilDone(() => ({}));

  test("would, undisturbed, be accepted", async () => {
    const { result, kills } = await undisturbed;
    expect(kills).toBe(0);
    expect(JSON.parse(result.summary)).toEqual({ size: 9_000_000, left: 3, right: 1, evidence: expect.any(String) });
  });

  const points: [CrashPoint, number][] = [
    ["step-executed", 2],
    ["journal-before-commit", 2],
    ["journal-after-commit", 2],
    ["blob-before-rename", 1],
    ["blob-after-rename", 1],
    ["result-recorded", 1],
  ];
  test.each(points)("at %s, again and again, ends with the same result", async (point, killsMin) => {
    // Each life comes one time further past the point than the one before it.
    const { result, kills } = await liveUntilDone((life) => ({ crashAt: `${point}:${life + 1}` }));
    expect(result).toEqual((await undisturbed).result);
    expect(kills).toBeGreaterThanOrEqual(killsMin);
  });

  test.each(exhaustive ? points : [])("at every single occurrence of %s ends with the same result", async (point) => {
    for (let occurrence = 1; ; occurrence++) {
      const { result, kills } = await liveUntilDone((life) =>
        life === 0 ? { crashAt: `${point}:${occurrence}` } : {},
      );
      expect(result).toEqual((await undisturbed).result);
      if (kills === 0) return;
    }
  });

  test(`at random times ends with the same result (${3 * loops} runs)`, async () => {
    for (let loop = 0; loop < 3 * loops; loop++) {
      const { result } = await liveUntilDone((life) => (life > 4 ? {} : { killAfterMs: 150 + Math.random() * 500 }));
      expect(result).toEqual((await undisturbed).result);
    }
  });
});
