import { basename } from "node:path";
import type { SolveLanguage } from "@assay/sdk";
import { raise } from "#domain";
import { isOraclePath } from "#oracle";
import type { CaseRunner } from "./case-tests.ts";
import { findModule, stemOf, type Wanted } from "./find-module.ts";
import type { Files, GivenText, Material } from "./given.ts";
import { holdOut } from "./hold-out.ts";
import { caseLanguage, isCommonJs, languageByName, runnerOf, scriptOf } from "./languages.ts";
import { configuration, placeTests, type WantedBy } from "./place-files.ts";
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
  refuseName(solution, language);
  const names = namesOf(all, wanted, options.name);
  const commonJs =
    language !== "python" && isCommonJs([material.stub?.text ?? "", ...all.map(({ given }) => given.text)]);
  const module = runner === "pytest" ? solution.replace(/\.py$/, "").replaceAll("/", ".") : `./${solution}`;
  const stub = material.stub?.text ?? writeStub(names, language, commonJs);
  const project = (files: readonly TestFile[], later: readonly TestFile[] = []): Files => {
    const placed = placeTests([...files, ...later], files.length, wanted, { runner, module });
    return { [solution]: stub, ...placed, ...configuration(runner, Object.keys(placed), commonJs) };
  };
  const visible = project(split.visible);
  const isHidden = hidden.length > 0 || options.holdOut !== undefined;
  const brief = briefOf(material, options.name, names);
  return { language, runner, solution, visible, ...(isHidden ? { whole: project(tests, hidden) } : {}), brief };
}

/** A module that could not be imported, or would count as a test of itself. */
function refuseName(solution: string, language: SolveLanguage): void {
  if (language === "python" && !/^[A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*\.py$/.test(solution)) {
    raise("usage", `Python cannot import ${solution}`, "give it a name of letters, digits and underscores");
  }
  if (isOraclePath(language, solution)) {
    raise(
      "usage",
      `${solution} would itself count as a test or its configuration`,
      "give the module another name or place",
    );
  }
}

function briefOf({ description, stub }: Material, name: string | undefined, names: readonly string[]): string {
  if (description !== undefined) return description;
  if (stub !== undefined) return `Complete ${basename(stub.path)}: do what its comments and signatures say.`;
  return `Write ${name ?? names.join(", ")} so that the tests pass.`;
}

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
