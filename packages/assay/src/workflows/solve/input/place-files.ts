import { basename, posix } from "node:path";
import { type CaseRunner, caseTestsPath, writeCaseTests } from "./case-tests.ts";
import type { Wanted } from "./find-module.ts";
import type { Files } from "./given.ts";
import type { TestFile } from "./read-test-file.ts";

/** By the test file's path. */
export type WantedBy = ReadonlyMap<string, Wanted>;

/** Test files by their place; one whose place is taken, such as a hidden one of the same name, gets a name of its own. */
export function placeTests(
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
export function configuration(runner: CaseRunner, tests: readonly string[], commonJs: boolean): Files {
  if (runner === "pytest") return { "pytest.ini": "[pytest]\n" };
  const test =
    runner === "vitest" ? "vitest run" : `node --test ${tests.map((path) => JSON.stringify(path)).join(" ")}`;
  const manifest = { name: "solution", private: true, ...(commonJs ? {} : { type: "module" }), scripts: { test } };
  return { "package.json": `${JSON.stringify(manifest, undefined, 2)}\n` };
}
