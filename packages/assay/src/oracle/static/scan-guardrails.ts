import type { GuardrailFinding } from "@assay/sdk";
import { languageOf, matchRules } from "#syntax";

export type SourceFile = {
  /** Project-relative POSIX path; its ending says which rules apply. */
  path: string;
  content: string;
};

/** Findings told of one file; a file with more is suspicious enough. */
const findingsPerFileMax = 200;
const snippetCharactersMax = 200;

/**
 * Flags what a candidate has no business with: starting processes, running code made at run time, files, the network, frames,
 * the test framework. Reading alone, nothing is executed. It informs: code can hide from it, so it is never what a verdict rests on.
 * Files in other languages have no findings; one that is too long to be read has a note that says so.
 */
export function scanGuardrails(files: readonly SourceFile[]): GuardrailFinding[] {
  return files.flatMap(scanFile);
}

function scanFile({ path, content }: SourceFile): GuardrailFinding[] {
  const language = languageOf(path);
  if (language === undefined) return [];
  const matched = matchRules("guardrails", language, content);
  if (matched.kind === "too-long") return [unscanned(path)];
  return matched.matches.slice(0, findingsPerFileMax).map(({ rule, line, column, text }) => ({
    rule: rule.id,
    severity: rule.severity,
    message: rule.message,
    file: path,
    line,
    column,
    snippet: oneLine(text),
  }));
}

function unscanned(file: string): GuardrailFinding {
  return {
    rule: "unscanned",
    severity: "note",
    message: "too long to be scanned",
    file,
    line: 1,
    column: 1,
    snippet: "",
  };
}

function oneLine(text: string): string {
  const [first = ""] = text.split("\n", 1);
  return first.slice(0, snippetCharactersMax).toWellFormed();
}
