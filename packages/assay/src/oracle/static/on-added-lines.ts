import type { GuardrailFinding } from "@assay/sdk";
import { parsePatch } from "diff";

/** The findings that a change brings: those on lines it adds. `diff` is a unified diff in git's form. */
export function onAddedLines(findings: readonly GuardrailFinding[], diff: string): GuardrailFinding[] {
  const added = addedLines(diff);
  return findings.filter(({ file, line }) => added.get(file)?.has(line) === true);
}

/** By file, the numbers of the lines that a unified diff adds, as the changed file counts them. */
export function addedLines(diff: string): ReadonlyMap<string, ReadonlySet<number>> {
  const added = new Map<string, Set<number>>();
  for (const { newFileName, hunks } of parsePatch(diff)) {
    if (newFileName === undefined || newFileName === "/dev/null") continue;
    const lines = new Set<number>();
    for (const hunk of hunks) {
      let line = hunk.newStart;
      for (const text of hunk.lines) {
        if (text.startsWith("+")) lines.add(line);
        if (text.startsWith("+") || text.startsWith(" ")) line += 1;
      }
    }
    added.set(newFileName.replace(/^b\//, ""), lines);
  }
  return added;
}
