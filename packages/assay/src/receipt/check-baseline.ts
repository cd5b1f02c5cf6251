import type { Excuse, Expectation, Observation, ReceiptStatement, TestOutcome } from "@assay/sdk";
import { assertNever, isRed, uncollectedFile } from "#domain";
import type { GatheredEvidence } from "./statement.ts";
import type { ReceiptCheck } from "./verification.ts";

/** One run of the tests before the change. */
type Baseline = {
  observation: Observation;
  repeat: boolean;
  outcomes: ReadonlyMap<string, TestOutcome>;
  uncollected: ReadonlySet<string>;
};

/**
 * Derives again from the runs before the change what the expectation says of them: which tests there were, that what was
 * healed was red in each, and that every excuse is true. Without that, a signer could excuse whatever the change broke.
 */
export function checkBaseline(statement: ReceiptStatement, evidence: readonly GatheredEvidence[]): ReceiptCheck {
  const { expectation } = statement.predicate.assay;
  if (expectation.kind === "change-shown") {
    // Both sides are judged from their runs: nothing is taken from what a signer says of the base.
    return { name: "baseline", status: "ok", detail: "the runs of the base are among what is judged again" };
  }
  const baselines = evidence
    .filter(({ purpose }) => purpose === "baseline" || purpose === "baseline-repeat")
    .map(({ purpose, observation }) => baselineOf(observation, purpose === "baseline-repeat"));
  const problem = findProblem(expectation, baselines);
  if (problem !== undefined) return { name: "baseline", status: "failed", detail: problem };
  const count = expectation.targets.length + expectation.targetFiles.length;
  const detail = `${count} healed test${count === 1 ? " was" : "s were"} red before the change, and every excuse is true`;
  return { name: "baseline", status: "ok", detail };
}

function baselineOf(observation: Observation, repeat: boolean): Baseline {
  const { results, collectionErrors } = observation.report;
  const outcomes = new Map(results.map(({ id, outcome }) => [id, outcome]));
  return { observation, repeat, outcomes, uncollected: new Set(collectionErrors.map(uncollectedFile)) };
}

function findProblem(expectation: Expectation, baselines: readonly Baseline[]): string | undefined {
  if (!baselines.some(({ repeat }) => !repeat)) return "the receipt shows no run of the tests before the change";
  for (const { observation, repeat } of baselines) {
    if (observation.patch !== undefined || observation.base !== expectation.base) {
      return "a baseline was not run on the base";
    }
    if (observation.oracle !== expectation.oracle) return "a baseline was run with other tests";
    if (observation.selection.length > 0) return "a baseline ran only a selection of the tests";
    // What only the repetition lacks, or has, differs between the two: that is what `flaky-before` is about.
    if (!repeat && !isSameSet(observation.report.collected, expectation.collected)) {
      return "the tests that were expected are not those of the baseline";
    }
  }
  return (
    firstFew(
      "was not red before the change",
      expectation.targets.filter((id) => !baselines.every(({ outcomes }) => isRed(outcomes.get(id)))),
    ) ??
    firstFew(
      "could be collected before the change",
      expectation.targetFiles.filter((file) => !baselines.every(({ uncollected }) => uncollected.has(file))),
    ) ??
    firstFew(
      "is excused, but could be collected before the change",
      expectation.excusedFiles.filter((file) => !baselines.some(({ uncollected }) => uncollected.has(file))),
    ) ??
    firstFew(
      "is excused for what the baseline does not show",
      Object.entries(expectation.excused).flatMap(([id, excuse]) => (isTrue(excuse, id, baselines) ? [] : [id])),
    )
  );
}

function isTrue(excuse: Excuse, id: string, baselines: readonly Baseline[]): boolean {
  const seen = baselines.map(({ outcomes }) => outcomes.get(id));
  switch (excuse) {
    case "skipped-before":
      return seen.every((outcome) => outcome === "skipped");
    case "failing-before":
    case "environment":
      return seen.every(isRed);
    case "flaky-before":
      return new Set(seen).size > 1;
    default:
      return assertNever(excuse);
  }
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  const [a, b] = [new Set(one), new Set(other)];
  return a.size === b.size && [...a].every((id) => b.has(id));
}

function firstFew(problem: string, subjects: readonly string[]): string | undefined {
  return subjects.length === 0 ? undefined : `${problem}: ${subjects.slice(0, 3).join(", ")}`;
}
