import type { TestOutcome, TestReport } from "@assay/sdk";
import { uncollectedFile } from "#domain";

/** What one test showed in two runs of the same code; `absent`: not collected. */
export type OutcomeDifference = { id: string; first: TestOutcome | "absent"; second: TestOutcome | "absent" };

export type BaselineComparison = {
  /** Ids with the same outcome in both runs, sorted. */
  stable: string[];
  /** Ids with different outcomes, sorted: to be quarantined, they prove nothing in either direction. */
  flaky: string[];
  /** Test files that could be collected in one of the runs only, sorted. */
  flakyFiles: string[];
  /** How each flaky test differed, in the same order. */
  differences: OutcomeDifference[];
};

/** Compares two runs of the same tests on the same code. Pure and symmetric but for the order within a difference. */
export function compareBaselines(a: TestReport, b: TestReport): BaselineComparison {
  const [first, second] = [outcomesById(a), outcomesById(b)];
  const ids = [...new Set([...first.keys(), ...second.keys()])].sort();
  const differences: OutcomeDifference[] = [];
  for (const id of ids) {
    const difference: OutcomeDifference = { id, first: first.get(id) ?? "absent", second: second.get(id) ?? "absent" };
    if (difference.first !== difference.second) differences.push(difference);
  }
  const flaky = differences.map(({ id }) => id);
  const differing = new Set(flaky);
  const [uncollectedFirst, uncollectedSecond] = [uncollected(a), uncollected(b)];
  const flakyFiles = [...uncollectedFirst.symmetricDifference(uncollectedSecond)].sort();
  return { stable: ids.filter((id) => !differing.has(id)), flaky, flakyFiles, differences };
}

function outcomesById(report: TestReport): Map<string, TestOutcome> {
  return new Map(report.results.map(({ id, outcome }) => [id, outcome]));
}

function uncollected({ collectionErrors }: TestReport): Set<string> {
  return new Set(collectionErrors.map(uncollectedFile));
}
