import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunEvent } from "@assay/sdk";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { openFunctionOracle } from "#oracle";
import { openSandbox } from "#sandbox";

const cli = fileURLToPath(new URL("../../bin/assay.mjs", import.meta.url));
const count = 40;

const row = (index: number) => ({
  task_id: `T/${index}`,
  prompt: "def add(a, b):\n",
  canonical_solution: `    import time\n    time.sleep(0.05)\n    return a + b${index === 7 ? " + 1" : ""}\n`,
  entry_point: "add",
  test: "def check(candidate):\n    assert candidate(1, 2) == 3\n    assert candidate(-1, 1) == 0\n",
});

/** Why functions cannot be checked here; `undefined` if they can. */
async function whyNot(): Promise<string | undefined> {
  try {
    const { sandbox } = await openSandbox({ unsafe: false });
    await using _oracle = await openFunctionOracle(sandbox, { language: "python", workers: 1 });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function place(): Promise<{ home: string; data: string }> {
  const home = await mkdtemp(join(tmpdir(), "assay-eval-test-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const data = join(home, "data.jsonl");
  await writeFile(data, Array.from({ length: count }, (_, index) => `${JSON.stringify(row(index))}\n`).join(""));
  return { home, data };
}

const assay = (home: string, ...args: string[]) =>
  execa(process.execPath, [cli, ...args], { cwd: home, reject: false, timeout: 120_000 });
const eventsOf = (stdout: string) => stdout.split("\n").map((line) => JSON.parse(line) as RunEvent);
const evaluated = (events: readonly RunEvent[]) => events.filter((event) => event.type === "problem-evaluated");

/** Kills it when it has told of so many problems. */
async function killAfter(child: ChildProcess, problems: number): Promise<void> {
  let told = "";
  child.stdout?.on("data", (chunk) => {
    told += String(chunk);
    if (told.split('"problem-evaluated"').length > problems) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.once("exit", resolve));
}

describe("assay eval", () => {
  test("goes on behind a kill -9 with nothing evaluated twice, and leaves all its files", async (ctx) => {
    const reason = await whyNot();
    if (reason !== undefined) return ctx.skip(`needs checks of functions: ${reason}`);
    const { home, data } = await place();
    const args = [cli, "eval", "humaneval", "--data", data, "--workers", "2", "--json"];
    await killAfter(spawn(process.execPath, args, { cwd: home, stdio: ["ignore", "pipe", "ignore"] }), 10);

    const resumed = await assay(home, "resume", "last", "--json");
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    const last = eventsOf(resumed.stdout).at(-1);
    expect(last).toMatchObject({ type: "result", outcome: "evaluated", problems: count, passed: count - 1 });
    expect(last).toMatchObject({ passAtK: { "1": (count - 1) / count } });
    expect(evaluated(eventsOf(resumed.stdout)).length).toBeLessThan(count);

    const shown = eventsOf((await assay(home, "show", "last", "--json")).stdout);
    const tasks = evaluated(shown).map((event) => event.task);
    expect(tasks.length).toBe(count);
    expect(new Set(tasks).size).toBe(count);
    const steps = shown.filter((event) => event.type === "step-finished").map(({ key }) => key);
    expect(new Set(steps).size).toBe(steps.length);

    const report = shown.at(-1)?.type === "result" ? (shown.at(-1) as { report: string }).report : "";
    expect(await readFile(report, "utf8")).toContain("<svg");
    expect((await readFile(join(report, "../eval.csv"), "utf8")).trim().split("\r\n").length).toBe(count + 1);
  });

  test("pauses where the time is used up, with exit code 5, and is resumed with more", async (ctx) => {
    const reason = await whyNot();
    if (reason !== undefined) return ctx.skip(`needs checks of functions: ${reason}`);
    const { home, data } = await place();
    const paused = await assay(
      home,
      "eval",
      "humaneval",
      "--data",
      data,
      "--workers",
      "1",
      "--max-time",
      "0.2",
      "--json",
    );
    expect(paused.exitCode, paused.stderr).toBe(5);
    const resumed = await assay(home, "resume", "last", "--max-time", "100", "--json");
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(eventsOf(resumed.stdout).at(-1)).toMatchObject({ problems: count, passed: count - 1 });
  });

  test("tells wrong samples from right ones, and compares two evaluations by task", async (ctx) => {
    const reason = await whyNot();
    if (reason !== undefined) return ctx.skip(`needs checks of functions: ${reason}`);
    const { home, data } = await place();
    const bodies = ["    return a + b\n", "    return 1 / 0\n", "    return '\0'\n", "    import os; os._exit(0)\n"];
    const samples = bodies.map((completion, index) => `${JSON.stringify({ task_id: `T/${index}`, completion })}\n`);
    await writeFile(join(home, "samples.jsonl"), samples.join(""));
    const run = ["eval", "humaneval", "--data", data, "--json"];
    const sampled = await assay(home, ...run, "--proposer", "samples:samples.jsonl", "--out", "a");
    const outcomes = evaluated(eventsOf(sampled.stdout)).map(({ task, outcome }) => `${task} ${outcome}`);
    expect(outcomes.sort()).toEqual(["T/0 passed", "T/1 failed", "T/2 invalid", "T/3 crashed"]);
    await assay(home, ...run, "--tasks", "T/0", "--tasks", "T/1", "--tasks", "T/2", "--tasks", "T/3");

    const compared = await assay(home, "eval", "compare", "a/eval.json", "last", "--json");
    expect(eventsOf(compared.stdout)[0]).toMatchObject({
      comparison: {
        tasks: 4,
        passedA: 1,
        passedB: 4,
        onlyA: [],
        onlyB: ["T/1", "T/2", "T/3"],
        pValue: expect.closeTo(0.25, 9),
      },
    });
  });

  test.each([
    ["an unknown dataset", ["nothing"], "there is no dataset nothing"],
    ["no data", ["humaneval"], "there is no data"],
    ["a file that is not there", ["humaneval", "--data", "nowhere"], "cannot be read"],
    ["another checksum", ["humaneval", "--data", "data.jsonl", "--sha256", "0".repeat(64)], "has the checksum"],
    ["a k over the samples", ["humaneval", "--data", "data.jsonl", "--k", "1,10"], "pass@10 needs at least 10"],
    ["a search without bugs", ["humaneval", "--data", "data.jsonl", "--proposer", "search"], "buggy code"],
    ["an unknown task", ["humaneval", "--data", "data.jsonl", "--tasks", "T/99"], "no task T/99"],
  ])("refuses %s with exit code 2", async (_what, args, message) => {
    const { home } = await place();
    const { exitCode, stdout } = await assay(home, "eval", ...args, "--json");
    expect(exitCode).toBe(2);
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: "result", fault: { code: "usage" } });
    expect(stdout).toContain(message);
  });
});

describe("canonical solutions", () => {
  const folder = process.env.ASSAY_DATASETS;
  // Ten rows of MBPP fail under plain Python, too: names without definition, broken indentation, wrong assertions.
  for (const [name, file, problems, passed] of [
    ["humaneval", "HumanEval.jsonl.gz", 164, 164],
    ["mbpp", "mbpp.jsonl.gz", 974, 964],
    ["humanevalfix-python", "humanevalfix_python_dev.jsonl.gz", 64, 64],
    ["humanevalfix-js", "humanevalfix_js_dev.jsonl.gz", 64, 64],
  ] as const) {
    test(`of ${name} pass, but for rows that are wrong themselves`, async (ctx) => {
      if (folder === undefined) return ctx.skip("needs ASSAY_DATASETS, a folder with the data");
      const { home } = await place();
      const { stdout } = await assay(home, "eval", name, "--data", join(folder, file), "--json");
      expect(eventsOf(stdout).at(-1)).toMatchObject({ problems, passed });
    });
  }
});
