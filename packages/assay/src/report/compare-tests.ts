import type { Observation, TestOutcome, TestResult } from "@assay/sdk";
import { isRed } from "#domain";
import type { TestChange } from "./run-view.ts";

const order: Record<TestChange["change"], number> = {
  regressed: 0,
  "still-failing": 1,
  healed: 2,
  changed: 3,
  same: 4,
};

/** Each test's outcome before and after, what changed first, then by id. */
export function compareTests(
  before: Observation | undefined,
  after: Observation | undefined,
  flakes: readonly string[],
): TestChange[] {
  const was = resultsOf(before);
  const is = resultsOf(after);
  const flaky = new Set(flakes);
  const ids = [...new Set([...was.keys(), ...is.keys()])];
  return ids
    .map((id) => compareTest(id, was.get(id), is.get(id), flaky.has(id), after !== undefined))
    .sort((a, b) => order[a.change] - order[b.change] || (a.id < b.id ? -1 : 1));
}

function compareTest(
  id: string,
  was: TestResult | undefined,
  is: TestResult | undefined,
  flaky: boolean,
  hasAfter: boolean,
): TestChange {
  const failure = is === undefined && !hasAfter ? was?.failure : is?.failure;
  return {
    id,
    ...(was === undefined ? {} : { before: was.outcome }),
    ...(is === undefined ? {} : { after: is.outcome }),
    change: hasAfter ? changeOf(was?.outcome, is?.outcome) : isRed(was?.outcome) ? "still-failing" : "same",
    ...(failure === undefined ? {} : { failure }),
    flaky,
  };
}

function changeOf(was: TestOutcome | undefined, is: TestOutcome | undefined): TestChange["change"] {
  if (isRed(is)) return isRed(was) ? "still-failing" : "regressed";
  if (is === "passed" && isRed(was)) return "healed";
  // A test that is gone, or skipped now, is never the same as one that ran.
  if (is === undefined && was !== undefined) return "regressed";
  return was === is ? "same" : "changed";
}

function resultsOf(observation: Observation | undefined): Map<string, TestResult> {
  return new Map((observation?.report.results ?? []).map((result) => [result.id, result]));
}
