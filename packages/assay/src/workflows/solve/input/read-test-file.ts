import { basename } from "node:path";
import { raise } from "#domain";
import type { CaseRunner } from "./case-tests.ts";
import type { GivenText } from "./given.ts";
import { type CaseLanguage, type CaseLine, readCases } from "./read-cases.ts";
import { type Imported, readImports } from "./read-imports.ts";

/** A file of tests as it was given: code for a runner, or lines. */
export type TestFile =
  | { kind: "code"; given: GivenText; runner: CaseRunner; imports: readonly Imported[] }
  | { kind: "lines"; given: GivenText; language: CaseLanguage; cases: readonly CaseLine[] };

const scriptEnding = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/**
 * Finds out what a file of tests is. Python is pytest's; JavaScript and TypeScript say by an import whose they are; anything else
 * holds lines. Raises `usage` for what cannot be read, with what to do.
 * @param language of lines, where that is known
 */
export function readTestFile(given: GivenText, language?: CaseLanguage): TestFile {
  const name = basename(given.path);
  if (!name.endsWith(".py") && !scriptEnding.test(name)) return readLines(given, language);
  const read = readImports(name, given.text);
  if (read.kind === "refused")
    raise("usage", `${name} is not a test file that can be read: ${read.reason}`, "correct it");
  const { imports } = read;
  if (name.endsWith(".py")) return { kind: "code", given, runner: "pytest", imports };
  const modules = new Set(imports.map(({ module }) => module));
  if (modules.has("vitest")) return { kind: "code", given, runner: "vitest", imports };
  if (modules.has("node:test")) return { kind: "code", given, runner: "node-test", imports };
  return raise(
    "usage",
    `${name} imports neither node:test nor vitest, so nobody knows what runs it`,
    'begin it with: import { test } from "node:test";',
  );
}

/** Lines are Python where they can be read as that, else JavaScript. What is wrong is told of Python then. */
function readLines(given: GivenText, language: CaseLanguage | undefined): TestFile {
  const languages: CaseLanguage[] = language === undefined ? ["python", "javascript"] : [language];
  const readings = languages.map((one) => ({ language: one, read: readCases(given.text, one) }));
  for (const { language: one, read } of readings) {
    if (read.kind === "read") return { kind: "lines", given, language: one, cases: read.cases };
  }
  const refused = readings[0]?.read;
  const [line, message] = refused?.kind === "refused" ? [refused.line, refused.message] : [1, "it cannot be read"];
  return raise(
    "usage",
    `${basename(given.path)}:${line}: ${message}`,
    "write one case a line: f(1, [2]) -> 3, or f(0) -> raises ValueError",
  );
}
