import type { SolveLanguage } from "@assay/sdk";
import { raise } from "#domain";
import type { CaseRunner } from "./case-tests.ts";
import type { CaseLanguage } from "./read-cases.ts";
import type { TestFile } from "./read-test-file.ts";

/** What lines of cases are written in, for a solution in this language. */
export function caseLanguage(language: SolveLanguage | undefined): CaseLanguage | undefined {
  return language === undefined || language === "python" ? language : "javascript";
}

/** What tests of the first file's kind are written in. */
export function scriptOf(files: readonly TestFile[]): SolveLanguage | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  return first.kind === "lines" ? first.language : first.runner === "pytest" ? "python" : "javascript";
}

/** By the name's ending; `undefined` for what solve does not write. */
export function languageByName(path: string | undefined): SolveLanguage | undefined {
  if (path === undefined) return undefined;
  if (path.endsWith(".py")) return "python";
  if (/\.(?:[cm]?ts|tsx)$/.test(path)) return "typescript";
  return /\.(?:[cm]?js|jsx)$/.test(path) ? "javascript" : undefined;
}

/** The one runner of all; lines join what the others have. */
export function runnerOf(files: readonly TestFile[]): CaseRunner {
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

/** Whether JavaScript of these texts is loaded by `require` alone. */
export function isCommonJs(texts: readonly string[]): boolean {
  const all = texts.join("\n");
  return /\brequire\s*\(|\bmodule\.exports\b/.test(all) && !/^\s*(?:import|export)\b/m.test(all);
}
