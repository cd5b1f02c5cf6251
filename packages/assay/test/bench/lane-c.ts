/**
 * Verdicts of small JavaScript projects each second: one warm screen and two of each runner that has one, beside the same runner's
 * one-shot runs in a fresh sandbox; and edits that share a process, where the runner has that. Budget: two screens 30/s together.
 *
 *   node packages/assay/test/bench/lane-c.ts [CANDIDATES] [RUNNER…]
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { attemptName, runId, suiteLimits } from "#domain";
import { JestRunner, NodeTestRunner, VitestRunner } from "#oracle";
import type { Screen, TestRunner } from "#ports";
import { LayeredWorkspaces } from "#workspace";
import { JavaScriptProject, sandbox } from "../support/javascript-project.ts";
import { scratch } from "../support/scratch.ts";

const candidates = Math.max(10, Number(process.argv[2] ?? 120));
const wanted = process.argv.slice(3);
const coldRuns = 5;
const limits = { ...suiteLimits, wallMsMax: 300_000 };
const testMsMax = 20_000;
const budget = { perSecond: 30 };
const [sourceFile, testFile] = ["source.js", "source.test.js"];
const names = ["adds", "subtracts", "multiplies", "keeps zero", "takes the greater"];

type Case = { runner: TestRunner; header: string; manifest: object; modules: readonly string[] };
const cases: Case[] = [
  {
    runner: new NodeTestRunner(sandbox),
    header: 'import { test } from "node:test"; const same = assert.equal;',
    manifest: { type: "module", scripts: { test: "node --test" } },
    modules: [],
  },
  {
    runner: new VitestRunner(sandbox),
    header: 'import { test } from "vitest"; const same = assert.equal;',
    manifest: { type: "module", scripts: { test: "vitest run" }, devDependencies: { vitest: "*" } },
    modules: ["vitest", "vite"],
  },
  {
    runner: new JestRunner(sandbox),
    header: "const same = assert.equal;",
    manifest: { scripts: { test: "jest" }, devDependencies: { jest: "*" } },
    modules: ["jest"],
  },
];

const rows = [];
for (const each of cases.filter(({ runner }) => wanted.length === 0 || wanted.includes(runner.name))) {
  rows.push(await measure(each));
}
console.log(JSON.stringify({ bench: "lane-c", candidates, budget, rows }));
if (rows.some(({ wrongAnswers }) => wrongAnswers > 0)) process.exitCode = 1;

async function measure({ runner, header, manifest, modules }: Case) {
  await using project = await JavaScriptProject.make(filesOf(header, manifest), { modules });
  const cold = await coldRunner(project, runner);
  const one = await throughScreens(project, runner, 1);
  const two = await throughScreens(project, runner, 2);
  const together = await throughEdits(project, runner);
  const wrongAnswers = one.wrongAnswers + two.wrongAnswers + together.wrongAnswers;
  const row = {
    runner: runner.name,
    cold,
    oneScreen: one.perSecond,
    twoScreens: two.perSecond,
    editsTogether: together.perSecond,
    wrongAnswers,
  };
  const figures = [cold, one.perSecond, two.perSecond].map((value) => value.toFixed(1).padStart(6));
  const ratio = (two.perSecond / cold).toFixed(1);
  console.log(
    `${runner.name.padEnd(10)} cold ${figures[0]}   one screen ${figures[1]}   two ${figures[2]}/s   ${ratio} times cold   edits together ${together.perSecond.toFixed(0)}/s`,
  );
  if (wrongAnswers > 0) console.log(`  ${wrongAnswers} WRONG ANSWERS`);
  return row;
}

/** One source file and one test file; CommonJS where the manifest does not say otherwise. */
function filesOf(header: string, manifest: object): Record<string, string> {
  const modules = "type" in manifest;
  const imports = modules
    ? `import assert from "node:assert"; import * as source from "./${sourceFile}";`
    : `const assert = require("node:assert"); const source = require("./${sourceFile}");`;
  const cases = ["add(1, 2), 3", "sub(5, 2), 3", "mul(2, 4), 8", "mul(0, 4), 0", "max(1, 7), 7"];
  const tests = cases.map((each, index) => `test("${names[index]}", () => same(source.${each}));`);
  return {
    "package.json": JSON.stringify({ name: "small", ...manifest }),
    [sourceFile]: sourceOf("*", modules),
    [testFile]: [imports, header, ...tests, ""].join("\n"),
  };
}

function sourceOf(operator: string, modules: boolean): string {
  const functions = { add: `a ${operator} b`, sub: "a - b", mul: "a * b", max: "a > b ? a : b" };
  const lines = Object.entries(functions).map(([name, body]) =>
    modules ? `export const ${name} = (a, b) => ${body};` : `exports.${name} = (a, b) => ${body};`,
  );
  return `${lines.join("\n")}\n`;
}

async function throughScreens(project: JavaScriptProject, runner: TestRunner, count: number) {
  await using resources = new AsyncDisposableStack();
  const { profile, snapshot } = project;
  const modules = (await readFile(join(project.root, sourceFile), "utf8")).startsWith("export ");
  const place = resources.use(await scratch());
  const workspaces = new LayeredWorkspaces({ stateDirectory: place.path, overlay: true });
  const screens: Screen[] = [];
  for (let slot = 0; slot < count; slot += 1) {
    const name = attemptName(runId("bench-00000001"), "screen", String(slot));
    const workspace = resources.use(await workspaces.open(snapshot, name));
    const screen = await runner.screen?.({ profile, workspace, limits, testMsMax });
    if (screen === undefined) throw new Error(`${runner.name} has no screen`);
    screens.push(resources.use(screen));
  }
  const tests = names.map((name) => `${testFile} > ${name}`);
  for (const screen of screens) await screen.try({ id: candidates, files: {}, tests });
  let next = 0;
  let wrongAnswers = 0;
  const started = performance.now();
  await Promise.all(
    screens.map(async (screen) => {
      for (let id = next++; id < candidates; id = next++) {
        const passes = id % 4 === 0;
        const content = `${sourceOf(passes ? "+" : "-", modules)}// candidate ${id}\n`;
        const { kind } = await screen.try({ id, files: { [sourceFile]: content }, tests });
        if ((kind === "passed") !== passes) wrongAnswers += 1;
      }
    }),
  );
  return { perSecond: (candidates * 1000) / (performance.now() - started), wrongAnswers };
}

/** As a search tries them: in chunks, on one screen. What passes is not tried again here. */
async function throughEdits(project: JavaScriptProject, runner: TestRunner) {
  const { profile, snapshot } = project;
  await using place = await scratch();
  const workspaces = new LayeredWorkspaces({ stateDirectory: place.path, overlay: true });
  await using workspace = await workspaces.open(snapshot, attemptName(runId("bench-00000001"), "screen", "edits"));
  await using screen = await runner.screen?.({ profile, workspace, limits, testMsMax });
  if (screen?.tryEdits === undefined) return { perSecond: 0, wrongAnswers: 0 };
  const source = await readFile(join(project.root, sourceFile), "utf8");
  const start = source.indexOf("a * b");
  const [targets, orders] = [[`${testFile} > ${names[0]}`], [names.slice(1).map((name) => `${testFile} > ${name}`)]];
  let wrongAnswers = 0;
  const started = performance.now();
  for (let first = 0; first < candidates * 10; first += 64) {
    const edits = Array.from({ length: 64 }, (_, index) => {
      const text = `a ${index % 4 === 0 ? "+" : "-"} b /* ${first + index} */`;
      return { id: first + index, start, end: start + "a * b".length, text, order: 0 };
    });
    const batch = { id: first, file: sourceFile, source, targets, orders, candidates: edits, fuelFactor: 1 };
    const outcomes = new Map((await screen.tryEdits(batch)).map(({ id, kind }) => [id, kind]));
    for (const { id } of edits) if ((outcomes.get(id) === "passed") !== (id % 4 === 0)) wrongAnswers += 1;
  }
  return { perSecond: (Math.ceil((candidates * 10) / 64) * 64_000) / (performance.now() - started), wrongAnswers };
}

async function coldRunner(project: JavaScriptProject, runner: TestRunner): Promise<number> {
  const started = performance.now();
  for (let round = 0; round < coldRuns; round += 1) {
    const { report, stderr } = await project.run(runner);
    if (report.results.length !== names.length) throw new Error(`the one-shot run is not complete: ${stderr.text}`);
  }
  return (coldRuns * 1000) / (performance.now() - started);
}
