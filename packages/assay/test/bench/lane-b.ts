/**
 * Verdicts of a pytest repository each second: warm screens (one and two), our one-shot runner in a fresh sandbox, and bare
 * `python -m pytest` without any isolation, on a generated project of HumanEval's size and on `examples/python-subscriptions`.
 * Budgets on the generated project: two screens 100/s together, and 15 times a cold run.
 *
 *   node packages/assay/test/bench/lane-b.ts [CANDIDATES]
 */
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { attemptName, runId, suiteLimits } from "#domain";
import type { ProjectProfile, Screen, Snapshot } from "#ports";
import { type RealTools, realTools } from "../support/real-tools.ts";
import { scratch } from "../support/scratch.ts";
import { type SmallProject, smallProject } from "./pytest-small-project.ts";

const candidates = Math.max(20, Number(process.argv[2] ?? 400));
const coldRuns = 10;
const limits = { ...suiteLimits, wallMsMax: 300_000 };
const budget = { perSecond: 100, overCold: 15 };

const home = await mkdtemp(join(tmpdir(), "assay-bench-"));
try {
  const tools = await realTools(home);
  await using place = await scratch();
  const generated = smallProject(candidates);
  const rows = [
    await measure(tools, "generated", await place.tree("generated", generated.files), generated),
    await measure(tools, "python-subscriptions", join(place.path, "example"), await exampleProject(place.path)),
  ];
  console.log(JSON.stringify({ bench: "lane-b", candidates, budget, rows }));
  const [first] = rows;
  if (first === undefined || first.wrongAnswers > 0) process.exitCode = 1;
} finally {
  await rm(home, { recursive: true, force: true });
}

async function measure(tools: RealTools, name: string, root: string, project: SmallProject) {
  const snapshot = await tools.workspaces.snapshot(root);
  const profile = await tools.detect(snapshot);
  const one = await throughScreens(tools, snapshot, profile, project, 1);
  const two = await throughScreens(tools, snapshot, profile, project, 2);
  const runner = await coldRunner(tools, snapshot, profile);
  const bare = barePytest(root, profile.interpreter);
  const row = {
    name,
    oneScreen: one.perSecond,
    twoScreens: two.perSecond,
    openMs: one.openMs,
    coldRunner: runner,
    barePytest: bare,
    overBare: two.perSecond / bare,
    wrongAnswers: one.wrongAnswers + two.wrongAnswers,
  };
  const figure = (value: number): string => value.toFixed(1).padStart(7);
  console.log(`\n${name} (${project.candidates.length} candidates; verdicts a second)`);
  console.log(`  one screen            ${figure(row.oneScreen)}   ready after ${row.openMs.toFixed(0)} ms`);
  console.log(`  two screens           ${figure(row.twoScreens)}`);
  console.log(`  our one-shot runner   ${figure(row.coldRunner)}`);
  console.log(`  bare python -m pytest ${figure(row.barePytest)}`);
  console.log(
    `  two screens are ${row.overBare.toFixed(1)} times bare pytest, ${(two.perSecond / runner).toFixed(1)} times our runner`,
  );
  if (row.wrongAnswers > 0) console.log(`  ${row.wrongAnswers} WRONG ANSWERS`);
  return row;
}

async function throughScreens(
  tools: RealTools,
  snapshot: Snapshot,
  profile: ProjectProfile,
  project: SmallProject,
  count: number,
): Promise<{ perSecond: number; openMs: number; wrongAnswers: number }> {
  await using resources = new AsyncDisposableStack();
  const screens: Screen[] = [];
  const opening = performance.now();
  for (let slot = 0; slot < count; slot++) {
    const name = attemptName(runId("bench-00000001"), "screen", String(slot));
    const workspace = resources.use(await tools.workspaces.open(snapshot, name));
    const screen = await tools.runners.pytest?.screen?.({ profile, workspace, limits, testMsMax: 10_000 });
    if (screen === undefined) throw new Error("the warm process did not come up");
    screens.push(resources.use(screen));
  }
  const openMs = (performance.now() - opening) / count;
  for (const screen of screens) await screen.try({ id: 0, files: {}, tests: project.tests });

  let next = 0;
  let wrongAnswers = 0;
  const started = performance.now();
  await Promise.all(
    screens.map(async (screen) => {
      for (let id = next++; id < project.candidates.length; id = next++) {
        const candidate = project.candidates[id];
        if (candidate === undefined) return;
        const { kind } = await screen.try({
          id,
          files: { [project.solution]: candidate.content },
          tests: project.tests,
        });
        if ((kind === "passed") !== candidate.passes) wrongAnswers += 1;
      }
    }),
  );
  return { perSecond: (project.candidates.length * 1000) / (performance.now() - started), openMs, wrongAnswers };
}

async function coldRunner(tools: RealTools, snapshot: Snapshot, profile: ProjectProfile): Promise<number> {
  const started = performance.now();
  for (let round = 0; round < coldRuns; round++) {
    const name = attemptName(runId("bench-00000001"), "cold", String(round));
    await using workspace = await tools.workspaces.open(snapshot, name);
    const run = await tools.runners.pytest?.run({ profile, workspace, selection: [], limits });
    if (run?.report.complete !== true) throw new Error(`the one-shot run is not complete: ${run?.stderr.text}`);
  }
  return (coldRuns * 1000) / (performance.now() - started);
}

/** Our own files, written above or part of this repository: nothing foreign runs unisolated here. */
function barePytest(root: string, interpreter: string): number {
  const options = { cwd: root, stdio: "ignore" } as const;
  const started = performance.now();
  for (let round = 0; round < coldRuns; round++) {
    try {
      execFileSync(interpreter, ["-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"], options);
    } catch {
      // The example fails on purpose; the time is the same.
    }
  }
  return (coldRuns * 1000) / (performance.now() - started);
}

async function exampleProject(folder: string): Promise<SmallProject> {
  const root = join(folder, "example");
  await cp(fileURLToPath(new URL("../../../../examples/python-subscriptions", import.meta.url)), root, {
    recursive: true,
  });
  const solution = "src/subscriptions/money.py";
  const text = await readFile(join(root, solution), "utf8");
  const content = (index: number): string =>
    `${index % 2 === 0 ? text : text.replace("ROUND_HALF_UP", "ROUND_DOWN")}\n# candidate ${index}\n`;
  const amount = Math.ceil(candidates / 2);
  return {
    files: {},
    solution,
    tests: ["tests/test_money.py", "tests/test_period.py"],
    candidates: Array.from({ length: amount }, (_, index) => ({ content: content(index), passes: index % 2 === 0 })),
  };
}
