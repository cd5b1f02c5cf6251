import type { Observation, TestOutcome, VerdictLevel, Violation, ViolationKind } from "@assay/sdk";
import type { CitedObservation } from "../judge.ts";
import { isRed } from "../outcome.ts";
import { uncollectedFile } from "../uncollected-file.ts";
import { isAtLeast } from "../verdict-level.ts";

/** What a step expects to see when it runs a suite. */
export type ExpectedPasses = {
  /** Tests that must pass. */
  tests: readonly string[];
  /** Files that need not be collected. */
  excusedFiles: readonly string[];
  /** Oracle files that the base's own runs write too. */
  rewrittenBefore: readonly string[];
  minLevel: VerdictLevel;
};

const subjectsMax = 100;

/**
 * Compares what a step expected of its runs with what they showed: at most one violation of each kind, none where everything is as
 * expected. Pure; the order of runs and of tests in them does not matter.
 */
export function findViolations(
  step: string,
  expected: ExpectedPasses,
  given: readonly CitedObservation[],
): Violation[] {
  const cited = given.toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
  const violation = (
    kind: ViolationKind,
    wanted: string,
    observed: string,
    subjects: readonly string[],
  ): Violation => ({
    id: `${step}.${kind}`,
    kind,
    step,
    expected: wanted,
    observed,
    subjects: subjects.slice(0, subjectsMax),
    evidence: cited.map(({ digest }) => digest),
  });
  const observations = cited.map(({ observation }) => observation);
  const seen = outcomesOf(expected.tests, observations);
  const both = seen.filter(({ outcomes }) => outcomes.some(isGreen) && outcomes.some(isRed)).map(({ id }) => id);
  const late = seen.filter(({ outcomes }) => outcomes.every((one) => one === "timed-out")).map(({ id }) => id);
  const bad = seen
    .filter(({ id, outcomes }) => !late.includes(id) && outcomes.every((one) => isRed(one) || one === undefined))
    .map(({ id }) => id);
  const uncollected = filesUncollected(expected, observations);
  const written = [...new Set(observations.flatMap(({ rewritten = [] }) => rewritten))]
    .filter((path) => !expected.rewrittenBefore.includes(path))
    .sort();
  const limits = [...new Set(observations.flatMap(limitHit))].sort();
  const weak = observations.flatMap(({ uncontrolled }) => (uncontrolled === undefined ? [] : [uncontrolled])).sort();
  const reached = observations.some(({ level }) => isAtLeast(level, expected.minLevel));
  return [
    ...(uncollected.length > 0
      ? [
          violation(
            "build",
            "every test file can be collected",
            `${list(uncollected)} could not be collected`,
            uncollected,
          ),
        ]
      : []),
    ...(bad.length > 0 ? [violation("test-result", "what must pass passes", `${list(bad)} did not pass`, bad)] : []),
    ...(both.length > 0
      ? [violation("flake", "the same code gives the same outcome", `${list(both)} passed and failed`, both)]
      : []),
    ...(late.length + limits.length > 0
      ? [violation("resource", "the limits suffice", [...limits, ...late.map(overTime)].slice(0, 3).join(", "), late)]
      : []),
    ...(written.length > 0
      ? [violation("lock", "nobody writes what decides the verdict", `${list(written)} was written`, written)]
      : []),
    ...(weak.length > 0 && !reached
      ? [violation("capability", `the suite can be run at level ${expected.minLevel}`, weak[0] ?? "", [])]
      : []),
  ];
}

type Seen = { id: string; outcomes: (TestOutcome | undefined)[] };

/** By id, sorted; `undefined` for a run in which the test was not there. */
function outcomesOf(tests: readonly string[], observations: readonly Observation[]): Seen[] {
  const runs = observations.map(({ report }) => new Map(report.results.map(({ id, outcome }) => [id, outcome])));
  if (runs.length === 0) return [];
  return [...new Set(tests)].sort().map((id) => ({ id, outcomes: runs.map((run) => run.get(id)) }));
}

function isGreen(outcome: TestOutcome | undefined): boolean {
  return outcome === "passed";
}

function filesUncollected({ excusedFiles }: ExpectedPasses, observations: readonly Observation[]): string[] {
  const files = observations.flatMap(({ report }) => report.collectionErrors.map(uncollectedFile));
  return [...new Set(files)].filter((file) => !excusedFiles.includes(file)).sort();
}

function limitHit({ termination }: Observation): string[] {
  if (termination.kind === "timed-out") return [`the suite did not end within ${termination.wallMsMax / 1000} s`];
  return termination.kind === "limited" ? [`the ${termination.by} limit was hit`] : [];
}

function overTime(id: string): string {
  return `${id} ran out of time`;
}

function list(names: readonly string[]): string {
  const [first = "", ...rest] = names;
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}
