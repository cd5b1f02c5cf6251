import { languageOf } from "#syntax";
import type { MutantStatus, Mutation } from "../mutation.ts";

const statuses: Record<MutantStatus, string> = {
  killed: "Killed",
  survived: "Survived",
  "timed-out": "Timeout",
  errored: "RuntimeError",
  uncovered: "NoCoverage",
};

const replacementMax = 10_000;

/**
 * The report that Stryker's tools read (mutation-testing-report-schema, version 2). Lines and columns count from 1, columns in UTF-16 code
 * units; the end is exclusive.
 */
export function strykerReport(mutation: Extract<Mutation, { kind: "mutated" }>, root: string, version: string): object {
  const numbers = new Map(mutation.tests.map(({ id }, index) => [id, String(index)]));
  const numbered = (ids: readonly string[]): string[] => ids.flatMap((id) => numbers.get(id) ?? []);
  const files = mutation.files.map(({ path, source, mutants }, fileNumber) => {
    const starts = lineStarts(source);
    const at = (offset: number) => {
      const line = starts.findLastIndex((start) => start <= offset);
      return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
    };
    const told = mutants.map((mutant, number) => ({
      id: `${fileNumber}.${number}`,
      mutatorName: mutant.fault,
      replacement: mutant.replacement.slice(0, replacementMax),
      location: { start: at(mutant.start), end: at(mutant.end) },
      status: statuses[mutant.status],
      coveredBy: numbered(mutant.coveredBy),
      ...(mutant.killedBy === undefined ? {} : { killedBy: numbered([mutant.killedBy]) }),
    }));
    return [path, { language: languageOf(path)?.name ?? "", source, mutants: told }] as const;
  });
  const tests = Map.groupBy(mutation.tests, ({ file }) => file);
  return {
    schemaVersion: "2",
    thresholds: { high: 80, low: 60 },
    projectRoot: root,
    framework: { name: "Assay", version },
    files: Object.fromEntries(files),
    testFiles: Object.fromEntries(
      [...tests].map(([file, some]) => [
        file,
        { tests: some.map(({ id }) => ({ id: numbers.get(id) ?? "", name: id })) },
      ]),
    ),
  };
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
