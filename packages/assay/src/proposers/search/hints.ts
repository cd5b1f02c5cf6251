import type { ClassifiedFailure, Edit } from "@assay/sdk";
import type { Suspicion } from "./suspicion.ts";

/** What is added for a line that was changed lately, and for one that speaks of what a failure names. */
const recentBonus = 0.15;
const namedBonus = 0.1;
const namesMax = 10;

/**
 * Raises lines that were executed and that hint at themselves otherwise: `recent` are edits that would take recent changes back. A line
 * that no failing test executes stays as it is.
 */
export function withHints(
  suspicion: Suspicion,
  texts: ReadonlyMap<string, string>,
  failures: readonly ClassifiedFailure[],
  recent: readonly Edit[],
): Suspicion {
  const names = namesIn(failures);
  const files = new Map([...suspicion.files].map(([file, entry]) => [file, { ...entry, lines: new Map(entry.lines) }]));
  const raise = (file: string, line: number, bonus: number): void => {
    const lines = files.get(file)?.lines;
    const score = lines?.get(line);
    if (lines !== undefined && score !== undefined && score > 0) lines.set(line, score + bonus);
  };
  if (names !== undefined) {
    for (const [file, { lines }] of suspicion.files) {
      const texted = texts.get(file)?.split("\n");
      for (const line of texted ? lines.keys() : [])
        if (names.test(texted?.[line - 1] ?? "")) raise(file, line, namedBonus);
    }
  }
  for (const { file, line } of recent.flatMap((edit) => changedLines(edit, texts))) raise(file, line, recentBonus);
  return { files };
}

/** Identifiers in the quotes of a failure's message: names, keys, attributes. */
function namesIn(failures: readonly ClassifiedFailure[]): RegExp | undefined {
  const names = new Set<string>();
  for (const { failure } of failures) {
    for (const [, name] of failure.message.slice(0, 1000).matchAll(/['"`]([A-Za-z_$][\w$]{2,40})['"`]/g)) {
      if (name !== undefined && names.size < namesMax) names.add(name.replaceAll("$", "\\$"));
    }
  }
  return names.size === 0 ? undefined : new RegExp(`\\b(?:${[...names].join("|")})\\b`);
}

/** Lines as they are now. */
function changedLines(edit: Edit, texts: ReadonlyMap<string, string>): { file: string; line: number }[] {
  const range = (file: string, first: number, count: number) =>
    Array.from({ length: Math.min(count, 1000) }, (_, index) => ({ file, line: first + index }));
  if (edit.kind === "update") {
    const text = texts.get(edit.path);
    const at = text?.indexOf(edit.oldStr) ?? -1;
    if (text === undefined || at === -1) return [];
    return range(edit.path, text.slice(0, at).split("\n").length, edit.oldStr.trimEnd().split("\n").length);
  }
  if (edit.kind !== "diff") return [];
  const file = /^--- a\/(.+)$/m.exec(edit.diff)?.[1];
  const lines: { file: string; line: number }[] = [];
  let at = 0;
  for (const line of file === undefined ? [] : edit.diff.split("\n")) {
    const hunk = /^@@ -(\d+)/.exec(line)?.[1];
    if (hunk !== undefined) at = Number(hunk);
    else if (line.startsWith("-") && !line.startsWith("---")) lines.push({ file: file ?? "", line: at++ });
    else if (line.startsWith(" ")) at += 1;
  }
  return lines;
}
