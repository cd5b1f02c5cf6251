import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { project } from "#engine";
import type { CrashPoint } from "#ports";
import { SqliteJournal } from "#store";
import { scratch } from "../support/scratch.ts";

const program = join(import.meta.dirname, "..", "fixtures", "engine", "run-plan.ts");
const exhaustive = process.env.ASSAY_TEST_DEPTH !== "representative";

async function live(directory: string, crashAt: string | undefined): Promise<string | undefined> {
  const { ASSAY_CRASH_AT: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, directory], {
    stdio: ["ignore", "pipe", "inherit"],
    env: crashAt === undefined ? env : { ...env, ASSAY_CRASH_AT: crashAt },
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code, signal] = await once(child, "close");
  if (signal === "SIGKILL") return undefined;
  expect(code).toBe(0);
  return output;
}

async function journals(directory: string): Promise<RunEvent[][]> {
  await using journal = await SqliteJournal.open(join(directory, "journal.db"));
  return Promise.all((await journal.runs()).map(({ run }) => journal.read(run)));
}

describe("a plan whose process is killed", () => {
  const points: [CrashPoint, number[]][] = [
    ["child-started", [1, 2, 3]],
    ["child-finished", [1, 2, 3]],
    ["journal-after-commit", exhaustive ? [3, 6, 9, 12, 15, 18, 21, 24] : [9]],
    ["journal-before-commit", exhaustive ? [3, 6, 9, 12, 15, 18, 21, 24] : [12]],
  ];
  const places = points.flatMap(([name, ordinals]) => ordinals.map((ordinal) => `${name}:${ordinal}`));

  test.each(places)("at %s goes on with the same parts, and no part does its work twice", async (place) => {
    await using folder = await scratch();
    expect(await live(folder.path, place)).toBeUndefined();
    const before = await journals(folder.path);
    const output = await live(folder.path, undefined);
    expect(JSON.parse(output ?? "")).toMatchObject({
      outcome: "failed",
      exitCode: 1,
      summary: "1 of 4 tasks failed: bad; 1 not begun: lost.",
    });
    const after = await journals(folder.path);
    expect(after).toHaveLength(4);
    for (const events of before) {
      expect(after.find(([first]) => first?.runId === events[0]?.runId)?.slice(0, events.length)).toEqual(events);
    }
    const parent = after.find(([first]) => first?.type === "run-started" && first.parent === undefined) ?? [];
    const { children, spent } = project(parent);
    expect(new Set(children)).toEqual(new Set(after.filter((run) => run !== parent).map(([first]) => first?.runId)));
    expect(children).toHaveLength(3);
    expect(spent.candidates).toBe(21);
    // Work that was done and not recorded is done again, as any step; never more than that one.
    const effects = (await readFile(join(folder.path, "effects.log"), "utf8")).trim().split("\n");
    expect([...new Set(effects)].toSorted()).toEqual(["a", "b", "bad"]);
    expect(effects.length).toBeLessThanOrEqual(place.startsWith("journal-before") ? 5 : 3);
  });
});
