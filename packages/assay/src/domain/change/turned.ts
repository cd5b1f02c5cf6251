import type { TestResult } from "@assay/sdk";
import { uncollectedFile } from "../uncollected-file.ts";
import type { ChangeEvidence } from "./change-evidence.ts";
import { type RedKind, redKind } from "./red-kind.ts";

/** A test that was red before and is green with the change. */
export type Turned = { id: string; kind: RedKind; isNew: boolean };

/** Tests of the head that turned green, as they were on the base's code; sorted by id, without those that come and go. */
export function turnedTests(evidence: ChangeEvidence): Turned[] {
  const { before, after } = evidence.flaky();
  const unsteady = new Set([...before, ...after]);
  return evidence
    .ids(evidence.head, "green")
    .filter((id) => !unsteady.has(id))
    .flatMap((id) => turned(evidence, id) ?? []);
}

function turned(evidence: ChangeEvidence, id: string): Turned | undefined {
  const { base, newTests, oldTests } = evidence;
  const own = evidence.results(base).get(id);
  const still = oldTests.length === 0 || evidence.colour(oldTests, id) === "green";
  // The base's own test, as the base has it, says more than what the change made of it.
  if (evidence.colour(base, id) === "red" && own !== undefined && still) {
    return { id, kind: weakestKind(own), isNew: false };
  }
  const isNew = own === undefined;
  const before = newTests.length > 0 ? newTests : base;
  const results = evidence.results(before).get(id);
  if (evidence.colour(before, id) === "red" && results !== undefined) {
    return { id, kind: weakestKind(results), isNew };
  }
  // What could not be collected on the base's code only because of its neighbours did not turn.
  if (!isNew || results !== undefined) return undefined;
  const failures = before.flatMap(({ report }) => report.collectionErrors);
  const failure = failures.find((error) => evidence.isOf(id, uncollectedFile(error)));
  if (failure === undefined) return undefined;
  return { id, kind: redKind({ outcome: "errored", failure, file: uncollectedFile(failure) }), isNew };
}

/** Red for different reasons in different runs is red for the weakest of them. */
function weakestKind(results: readonly TestResult[]): RedKind {
  const kinds = results.map(redKind);
  return kinds.find((one) => one === "set-up") ?? kinds.find((one) => one === "missing-name") ?? "failure";
}
