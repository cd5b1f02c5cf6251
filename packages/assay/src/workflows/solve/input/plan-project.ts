import { basename, posix } from "node:path";
import type { SolveLanguage } from "@assay/sdk";
import { raise } from "#domain";
import { type CaseRunner, caseTestsPath, writeCaseTests } from "./case-tests.ts";
import { findModule, stemOf, type Wanted } from "./find-module.ts";
import type { Files, GivenText, Material } from "./given.ts";
import { holdOut } from "./hold-out.ts";
import type { CaseLanguage } from "./read-cases.ts";
import { readTestFile, type TestFile } from "./read-test-file.ts";
import { writeStub } from "./write-stub.ts";

/** What the goal says beyond the files. */
export type PlanOptions = {
  language?: SolveLanguage | undefined;
  name?: string | undefined;
  holdOut?: { fraction: number; seed: number } | undefined;
};

/** The small project that a solution is written in. */
export type ProjectPlan = {
  language: SolveLanguage;
  runner: CaseRunner;
  /** Path of the module to write, in the project. */
  solution: string;
  /** What the proposer sees: the stub, the tests that are shown, what the runner needs. */
  visible: Files;
  /** The same with the hidden tests; absent where nothing is hidden. */
  whole?: Files;
  /** What is wanted, in words. */
  brief: string;
};

/**
 * Makes a project of what the user gave: reads the tests, finds the module they want, writes a stub for it where none was given,
 * and tests for lines. Pure. Raises `usage` for what does not fit together, with what to do.
 */
export function planProject(material: Material, options: PlanOptions): ProjectPlan {
  const known = options.language ?? languageByName(material.stub?.path);
  const tests = material.tests.map((given) => readTestFile(given, caseLanguage(known)));
  const hidden = material.hidden.map((given) => readTestFile(given, caseLanguage(known ?? scriptOf(tests))));
  const split = options.holdOut === undefined ? { visible: tests } : holdOut(tests, options.holdOut);
  const all = [...tests, ...hidden];
  const runner = runnerOf(all);
  const wanted = wantedOf(all, material, options, known === "typescript");
  const solution = solutionPath(wanted, material.stub, runner, known);
  const language = languageByName(solution) ?? raise("usage", `${solution} is in no language that solve writes`);
  if (known !== undefined && known !== language && runner === "pytest") {
    raise("usage", `the tests are Python's, and ${known} is asked for`, "give tests of that language");
  }
  const names = namesOf(all, wanted, options.name);
  const commonJs =
    language !== "python" && isCommonJs([material.stub?.text ?? "", ...all.map(({ given }) => given.text)]);
  const module = runner === "pytest" ? solution.replace(/\.py$/, "").replaceAll("/", ".") : `./${solution}`;
  const stub = material.stub?.text ?? writeStub(names, language, commonJs);
  const project = (files: readonly TestFile[], later: readonly TestFile[] = []): Files => {
    const placed = place([...files, ...later], files.length, wanted, { runner, module });
    return { [solution]: stub, ...placed, ...configuration(runner, Object.keys(placed), commonJs) };
  };
  const visible = project(split.visible);
  const isHidden = hidden.length > 0 || options.holdOut !== undefined;
  const brief = briefOf(material, options.name, names);
  return { language, runner, solution, visible, ...(isHidden ? { whole: project(tests, hidden) } : {}), brief };
}

function briefOf({ description, stub }: Material, name: string | undefined, names: readonly string[]): string {
  if (description !== undefined) return description;
  if (stub !== undefined) return `Complete ${basename(stub.path)}: do what its comments and signatures say.`;
  return `Write ${name ?? names.join(", ")} so that the tests pass.`;
}

function caseLanguage(language: SolveLanguage | undefined): CaseLanguage | undefined {
  return language === undefined || language === "python" ? language : "javascript";
}

function scriptOf(files: readonly TestFile[]): SolveLanguage | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  return first.kind === "lines" ? first.language : first.runner === "pytest" ? "python" : "javascript";
}

function languageByName(path: string | undefined): SolveLanguage | undefined {
  if (path === undefined) return undefined;
  if (path.endsWith(".py")) return "python";
  if (/\.(?:[cm]?ts|tsx)$/.test(path)) return "typescript";
  return /\.(?:[cm]?js|jsx)$/.test(path) ? "javascript" : undefined;
}

/** The one runner of all; lines join what the others have. */
function runnerOf(files: readonly TestFile[]): CaseRunner {
  const runners = new Set(files.flatMap((file) => (file.kind === "code" ? [file.runner] : [])));
  const languages = new Set(files.flatMap((file) => (file.kind === "lines" ? [file.language] : [])));
  const [only = languages.has("javascript") ? "node-test" : "pytest"] = runners;
  const fits = [...languages].every((language) => (language === "python") === (only === "pytest"));
  if (runners.size > 1 || !fits) {
    const seen = [...runners, ...[...languages].map((language) => `lines of ${language}`)].join(", ");
    raise(
      "usage",
      `the tests are of several kinds: ${seen}`,
      "give tests for one runner, or name the --language of lines",
    );
  }
  return only;
}

/** By the test file's path. */
type WantedBy = ReadonlyMap<string, Wanted>;

/** What each file of code wants; all want the same module. */
function wantedOf(
  files: readonly TestFile[],
  { stub }: Material,
  { name }: PlanOptions,
  typescript: boolean,
): WantedBy {
  const wanted = new Map<string, Wanted>();
  for (const file of files) {
    if (file.kind === "code") wanted.set(file.given.path, findModule(file, { stub, name, typescript }));
  }
  const solutions = [...new Set([...wanted.values()].map(({ solution }) => solution))];
  if (solutions.length > 1) {
    raise("usage", `the tests want several modules: ${solutions.join(", ")}`, "give tests of one module");
  }
  return wanted;
}

function solutionPath(
  wanted: WantedBy,
  stub: GivenText | undefined,
  runner: CaseRunner,
  known: SolveLanguage | undefined,
): string {
  const [first] = wanted.values();
  if (first === undefined) {
    if (stub !== undefined) return basename(stub.path);
    return runner === "pytest" ? "solution.py" : known === "typescript" ? "solution.ts" : "solution.js";
  }
  if (stub !== undefined && stemOf(stub.path) !== stemOf(first.solution)) {
    const [own, theirs] = [basename(stub.path), basename(first.solution)];
    raise("usage", `the stub is ${own}, but the tests import ${theirs}`, "give the one file the name of the other");
  }
  return first.solution;
}

function namesOf(files: readonly TestFile[], wanted: WantedBy, name: string | undefined): string[] {
  const fromLines = files.flatMap((file) => (file.kind === "lines" ? file.cases.flatMap((one) => one.names) : []));
  const fromCode = [...wanted.values()].flatMap(({ names }) => names).filter((one) => one !== "*");
  const names = [...new Set([...fromLines, ...fromCode, ...(name === undefined ? [] : [name])])].sort();
  if (names.length === 0) {
    raise("usage", "the tests do not say which function is to be written", "name it with --name");
  }
  return names;
}

function isCommonJs(texts: readonly string[]): boolean {
  const all = texts.join("\n");
  return /\brequire\s*\(|\bmodule\.exports\b/.test(all) && !/^\s*(?:import|export)\b/m.test(all);
}

/** Test files by their place; one whose place is taken, such as a hidden one of the same name, gets a name of its own. */
function place(
  files: readonly TestFile[],
  shown: number,
  wanted: WantedBy,
  { runner, module }: { runner: CaseRunner; module: string },
): Files {
  const placed: Record<string, string> = {};
  for (const [index, file] of files.entries()) {
    const path =
      file.kind === "lines" ? caseTestsPath(runner) : (wanted.get(file.given.path)?.place ?? basename(file.given.path));
    const text = file.kind === "lines" ? writeCaseTests(file.cases, runner, module) : file.given.text;
    placed[freePath(path, placed, index < shown ? "more" : "hidden")] = text;
  }
  return placed;
}

function freePath(path: string, taken: Files, word: string): string {
  const [folder, name] = [posix.dirname(path), basename(path)];
  for (let count = 1; ; count += 1) {
    const mark = count === 1 ? word : `${word}${count}`;
    const other = name.endsWith(".py") ? `test_${mark}_${name.replace(/^test_/, "")}` : `${mark}.${name}`;
    const free = count === 1 && !Object.hasOwn(taken, path) ? path : posix.join(folder, other);
    if (!Object.hasOwn(taken, free)) return free;
  }
}

/** What makes the runner be found, and nothing that decides anything. */
function configuration(runner: CaseRunner, tests: readonly string[], commonJs: boolean): Files {
  if (runner === "pytest") return { "pytest.ini": "[pytest]\n" };
  const test =
    runner === "vitest" ? "vitest run" : `node --test ${tests.map((path) => JSON.stringify(path)).join(" ")}`;
  const manifest = { name: "solution", private: true, ...(commonJs ? {} : { type: "module" }), scripts: { test } };
  return { "package.json": `${JSON.stringify(manifest, undefined, 2)}\n` };
}
