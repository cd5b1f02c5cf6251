import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Candidate, Edit, Result, RunEvent, TestOutcome } from "@assay/sdk";
import { afterEach, describe, expect, test } from "vitest";
import { nothingSpent } from "#domain";
import { Engine } from "#engine";
import type { ProjectProfile, Proposer, RunTests, Sandbox, TestRun, TestRunner } from "#ports";
import { InOrderRouter } from "#proposers";
import { loadSigner } from "#receipt";
import { MemoryBlobs, MemoryJournal, ProcessOwners } from "#store";
import { LayeredWorkspaces } from "#workspace";
import { madeUpIsolation } from "../../../test/support/made-up-isolation.ts";
import { healWorkflow } from "./heal.ts";
import type { HealTools } from "./tools.ts";

const output = { text: "", totalBytes: 0, truncated: false };

/** How each test of the made-up project answers, from what its files say. */
type Suite = Record<
  string,
  (read: (path: string) => Promise<string>, run: number) => Promise<TestOutcome> | TestOutcome
>;

const is = (path: string, text: string) => async (read: (path: string) => Promise<string>) =>
  ((await read(path)).includes(text) ? "passed" : "failed") as TestOutcome;

/** A runner of made-up tests: it reads the workspace as a real one would, and needs no sandbox. */
class SuiteRunner implements TestRunner {
  readonly name = "pytest";
  readonly #suite: Suite;
  runs = 0;

  constructor(suite: Suite) {
    this.#suite = suite;
  }

  async run({ workspace, selection }: RunTests): Promise<TestRun> {
    this.runs += 1;
    const read = async (path: string) => (await workspace.read(path)) ?? "";
    const results: TestRun["report"]["results"] = [];
    const selected = Object.entries(this.#suite).filter(([id]) => selection.length === 0 || selection.includes(id));
    for (const [id, answer] of selected) {
      const outcome = await answer(read, this.runs);
      const failure = { type: "AssertionError", message: id, file: `${id}.py`, line: 1, frames: [] };
      const red = outcome === "failed" || outcome === "errored";
      results.push({ id, file: "test_all.py", outcome, durationMs: 1, ...(red ? { failure } : {}) });
    }
    const report = { runner: "pytest" as const, collected: selected.map(([id]) => id), results, collectionErrors: [] };
    // Code of the project names in this file what it writes.
    const writes = (await workspace.read("writes.py")) ?? "";
    const complete = results.every(({ outcome }) => outcome !== "not-run");
    return {
      report: { ...report, complete },
      termination: { kind: "exited", code: 0 },
      stdout: output,
      stderr: output,
      isolation: madeUpIsolation,
      written: writes.split(" ").filter((path) => path !== ""),
      durationMs: 5,
    };
  }
}

const update = (path: string, oldStr: string, newStr: string): Edit => ({ kind: "update", path, oldStr, newStr });

/** Proposes what it was given, to everybody who asks for one of its targets. */
function scripted(candidates: { for?: string; edits: Edit[]; makes?: string }[]): Proposer {
  return {
    name: "search",
    async propose({ targets }) {
      const fitting = candidates.filter(
        (one) => one.for === undefined || (targets.length === 1 && targets[0] === one.for),
      );
      return {
        candidates: fitting.map(
          ({ edits }, index): Candidate => ({
            id: `c${index + 1}-${targets.length}`,
            edits,
            provenance: { proposer: "search", method: "script", summary: `change ${edits.length}` },
          }),
        ),
        tried: fitting.length,
        ...(fitting.some(({ makes }) => makes !== undefined)
          ? {
              ambiguity: {
                call: "f(1)",
                results: fitting.map(({ makes = "" }, index) => ({
                  candidate: `c${index + 1}-${targets.length}`,
                  summary: `change ${index + 1}`,
                  result: makes,
                })),
              },
            }
          : {}),
        spent: nothingSpent,
        suspects: [{ file: "a.py", line: 1, score: 1 }],
      };
    },
  };
}

const cleanUp: string[] = [];
afterEach(async () => {
  for (const folder of cleanUp.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function heal(
  suite: Suite,
  candidates: Parameters<typeof scripted>[0],
  files: Record<string, string> = {},
  { apply = false } = {},
) {
  const space = await mkdtemp(join(tmpdir(), "assay-heal-unit-"));
  cleanUp.push(space);
  const root = join(space, "project");
  await mkdir(root);
  const all = { "a.py": "a = bad\n", "b.py": "b = bad\n", "test_all.py": "tests\n", ...files };
  for (const [path, text] of Object.entries(all)) await writeFile(join(root, path), text);
  const blobs = new MemoryBlobs();
  const runner = new SuiteRunner(suite);
  const profile: Omit<ProjectProfile, "root"> = {
    language: "python",
    runner: "pytest",
    interpreter: "/usr/bin/python3",
    mounts: [],
    oracleFiles: ["test_all.py"],
    sourceFiles: ["a.py", "b.py"],
    details: [],
  };
  const ended = {
    termination: { kind: "exited", code: 0 },
    stdout: output,
    stderr: output,
    channel: [],
    durationMs: 1,
  };
  const sandbox = { execute: async () => ({ ...ended, isolation: madeUpIsolation }) } as unknown as Sandbox;
  const tools: HealTools = {
    assayVersion: "0",
    sandbox,
    workspaces: new LayeredWorkspaces({ stateDirectory: join(space, "state"), overlay: true }),
    detector: { detect: async () => ({ kind: "detected", profile: { ...profile, root } }) },
    runners: {
      pytest: runner,
      "node-test": runner,
      vitest: runner,
      jest: runner,
      "go-test": runner,
      cargo: runner,
      maven: runner,
      gradle: runner,
    },
    panel: async () => ({ proposers: [scripted(candidates)], router: new InOrderRouter() }),
    blobs,
    signer: () => loadSigner({ HOME: space }),
    directories: { runs: join(space, "runs"), checklist: join(space, "checklist.json") },
    progress: () => undefined,
  };
  const events: RunEvent[] = [];
  const engine = new Engine({ journal: new MemoryJournal(), blobs, owners: new ProcessOwners(), assayVersion: "0" });
  const goal = { kind: "heal" as const, root, tests: [], apply };
  const { result } = await engine.start(healWorkflow(tools), goal, { onEvent: (event) => events.push(event) });
  return { result: result as Result, events, runner };
}

const verdicts = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === "verdict-reached" ? [event.verdict.kind] : []));

describe("the heal workflow", () => {
  test("accepts what turns every target green, in two fresh runs", async () => {
    const { result, events } = await heal({ a: is("a.py", "good"), b: is("b.py", "bad") }, [
      { edits: [update("a.py", "bad", "good")] },
    ]);
    expect(result).toMatchObject({ outcome: "accepted", exitCode: 0, healedTests: ["a"], stillFailingTests: [] });
    expect(events.filter(({ type }) => type === "evidence-recorded")).toHaveLength(4);
  });

  test("chooses none of several proven changes that do different things, and applies none", async () => {
    const candidates = ["good one", "good two", "good too", "worse"].map((text, index) => ({
      edits: [update("a.py", "bad", text)],
      makes: ["1", "2", "1", "3"][index] ?? "",
    }));
    const suite = { a: is("a.py", "good"), b: is("b.py", "bad") };
    const { result, events } = await heal(suite, candidates, {}, { apply: true });
    expect(result).toMatchObject({
      outcome: "ambiguous",
      exitCode: 3,
      ambiguity: { call: "f(1)", results: [{ result: "1" }, { candidate: "c2-1", result: "2" }] },
    });
    expect(result.summary).toContain("f(1) is then 1 (change 1), or 2 (change 2)");
    expect(result.applied).toBeUndefined();
    expect(verdicts(events)).toEqual(["accepted", "accepted", "rejected"]);
    // The first is what patch and receipt are of.
    const proposed = events.find((event) => event.type === "candidate-proposed");
    expect(proposed).toMatchObject({ candidate: "c1-1", patch: result.patch?.digest });
    expect(events).toContainEqual(expect.objectContaining({ type: "note", level: "warning" }));
  });

  test("accepts a change whose rivals are refused", async () => {
    const { result } = await heal({ a: is("a.py", "good"), b: is("b.py", "bad") }, [
      { edits: [update("a.py", "bad", "good")], makes: "1" },
      { edits: [update("a.py", "bad", "worse")], makes: "2" },
    ]);
    expect(result).toMatchObject({ outcome: "accepted", exitCode: 0 });
    expect(result.ambiguity).toBeUndefined();
  });

  test("does not take a test that comes and goes by itself for healed", async () => {
    // Red twice on the base, then green: as chance would have it.
    const chance = (_: unknown, run: number) => (run <= 2 ? ("failed" as const) : ("passed" as const));
    const { result, events } = await heal({ a: chance, b: is("b.py", "bad") }, [
      { edits: [update("a.py", "bad", "anything")] },
    ]);
    expect(result).toMatchObject({ outcome: "inconclusive", exitCode: 3 });
    expect(verdicts(events)).toEqual(["inconclusive"]);
  });

  test("does not accept what writes the data that its tests are compared with, unless the project does so", async () => {
    const edits = [update("a.py", "bad", "good")];
    const writing = update("writes.py", "log.txt", "log.txt golden.txt tests/__pycache__/a.pyc");
    const heals = (all: Edit[]) => heal({ a: is("a.py", "good") }, [{ edits: all }], { "writes.py": "log.txt" });
    expect((await heals(edits)).result.outcome).toBe("accepted");
    const { result, events } = await heals([...edits, writing]);
    expect(result.outcome).not.toBe("accepted");
    const reached = events.find((event) => event.type === "verdict-reached");
    expect(reached).toMatchObject({
      verdict: { kind: "inconclusive", reasons: [{ code: "oracle-changed", subjects: ["golden.txt"] }] },
    });
  });

  test("rejects what turns a green test red", async () => {
    const { result, events } = await heal({ a: is("a.py", "good"), b: is("b.py", "bad") }, [
      { edits: [update("a.py", "bad", "good"), update("b.py", "bad", "worse")] },
    ]);
    expect(result).toMatchObject({ outcome: "not-found", exitCode: 1 });
    expect(verdicts(events)).toEqual(["rejected"]);
  });

  test("rejects a change to the oracle, or a file that would join it, without running it", async () => {
    const { events, runner } = await heal({ a: is("a.py", "good") }, [
      { edits: [update("test_all.py", "tests", "no tests")] },
      { edits: [{ kind: "rewrite", path: "conftest.py", content: "" }, update("a.py", "bad", "good")] },
    ]);
    expect(verdicts(events)).toEqual(["rejected", "rejected"]);
    // Two for the baseline and one for coverage.
    expect(runner.runs).toBe(3);
  });

  test("leaves out a hunk that the evidence does not need", async () => {
    const { result, events } = await heal({ a: is("a.py", "good") }, [
      { edits: [update("a.py", "bad", "good"), update("b.py", "bad", "needless")] },
    ]);
    expect(result.outcome).toBe("accepted");
    const last = events.findLast((event) => event.type === "candidate-proposed" && event.candidate.includes("without"));
    expect(last).toBeDefined();
    expect(result.patch?.provenance.summary).toContain("without hunk");
  });

  test("heals two faults in rounds and judges them together", async () => {
    const { result, events } = await heal({ a: is("a.py", "good"), b: is("b.py", "good") }, [
      { for: "a", edits: [update("a.py", "bad", "good")] },
      { for: "b", edits: [update("b.py", "bad", "good")] },
    ]);
    expect(result).toMatchObject({ outcome: "accepted", healedTests: ["a", "b"] });
    const diffs = events.flatMap((event) => (event.type === "candidate-proposed" ? [event.diff] : []));
    expect(diffs.some((diff) => diff.includes("a.py") && diff.includes("b.py"))).toBe(true);
  });

  test("comes back to what had two causes once one of them is healed", async () => {
    const both = async (read: (path: string) => Promise<string>) =>
      (await is("a.py", "good")(read)) === "passed" ? is("b.py", "good")(read) : ("failed" as const);
    const { result } = await heal({ a: both, b: is("b.py", "good") }, [
      { for: "a", edits: [update("a.py", "bad", "good")] },
      { for: "b", edits: [update("b.py", "bad", "good")] },
    ]);
    expect(result).toMatchObject({ outcome: "accepted", healedTests: ["a", "b"] });
  });

  test("keeps what is proven when only some of the faults can be healed, and says that the goal was missed", async () => {
    const { result } = await heal({ a: is("a.py", "good"), b: is("b.py", "good") }, [
      { for: "a", edits: [update("a.py", "bad", "good")] },
    ]);
    expect(result).toMatchObject({ outcome: "not-found", exitCode: 1, healedTests: ["a"], stillFailingTests: ["b"] });
    expect(result.receipt).toBeDefined();
  });

  test("does not accept a change under which a test fails that the baseline never reached", async () => {
    const reached = async (read: (path: string) => Promise<string>) =>
      (await read("a.py")).includes("good") ? ("failed" as const) : ("not-run" as const);
    const { result } = await heal({ a: is("a.py", "good"), later: reached }, [
      { edits: [update("a.py", "bad", "good")] },
    ]);
    expect(result.outcome).not.toBe("accepted");
  });

  test.each<[string, Suite, Partial<Result>]>([
    ["all green: nothing to do", { a: () => "passed" }, { outcome: "nothing-to-do", exitCode: 0 }],
    ["all skipped: inconclusive", { a: () => "skipped" }, { outcome: "inconclusive", exitCode: 3 }],
    ["unanswered: inconclusive", { a: () => "passed", b: () => "not-run" }, { outcome: "inconclusive", exitCode: 3 }],
    ["no test: no tests", {}, { exitCode: 3, fault: { code: "no-tests", message: "no test was collected" } }],
    ["only flaky: inconclusive", { a: (_, run) => (run % 2 === 0 ? "passed" : "failed") }, { exitCode: 3 }],
  ])("ends a baseline with %s", async (_, suite, expected) => {
    const { result } = await heal(suite, []);
    expect(result).toMatchObject({ ...expected, ...(expected.fault ? { fault: { code: expected.fault.code } } : {}) });
  });

  test("says where the fault probably is when nothing is found", async () => {
    const { result } = await heal({ a: is("a.py", "good") }, []);
    expect(result.summary).toContain("a.py:1");
    expect(result.summary).toContain("quickest failing test is a");
  });
});
