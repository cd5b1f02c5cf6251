import type { ControlResult, Digest, Observation, ReceiptEnvironment, ReceiptStatement, TestOutcome } from "@assay/sdk";
import { citedEvidence } from "./statement.ts";
import type { ReceiptContent } from "./verification.ts";

/** What to execute again to reproduce a receipt, and what should be seen. */
export type RerunPlan = {
  base: Digest;
  patch: Digest;
  patchBytes: Uint8Array;
  oracle: Digest;
  environment: ReceiptEnvironment;
  /** Runner selectors; empty: everything. */
  selection: readonly string[];
  /** By test id, in no order; tests known to be flaky are left out. */
  outcomes: ReadonlyMap<string, TestOutcome>;
  /** How to draw the same controls again, where a run had them. */
  controls?: { seed: number; targets: readonly string[]; collected: readonly string[] };
};

export type RerunDifference =
  | { kind: "base" | "patch" | "oracle"; expected: string; actual: string }
  | { kind: "outcome"; test: string; expected: TestOutcome; actual: TestOutcome | "not-collected" }
  | { kind: "control"; test: string; alteration: string; expected: TestOutcome; actual: TestOutcome | "not-run" }
  | { kind: "unexpected-test"; test: string; actual: TestOutcome }
  | { kind: "ended-early"; termination: string };

export type RerunComparison =
  | { kind: "reproduced"; tests: number }
  | { kind: "differs"; differences: readonly RerunDifference[] };

/** What a receipt says should happen when its evidence is made again. */
export function rerunPlan(receipt: Required<ReceiptContent>): RerunPlan {
  const claims = receipt.statement.predicate.assay;
  const { expectation } = claims;
  const cited = changedRuns(receipt);
  const controlled = controlledRun(cited);
  const outcomes = new Map<string, TestOutcome>();
  const unsteady = new Set(flakyBefore(expectation));
  for (const { id, outcome } of cited.flatMap(({ report }) => report.results)) {
    const before = outcomes.get(id);
    if (before !== undefined && before !== outcome) unsteady.add(id);
    outcomes.set(id, outcome);
  }
  for (const id of unsteady) outcomes.delete(id);
  return {
    base: expectation.base,
    patch: expectation.patch,
    patchBytes: receipt.patch,
    oracle: expectation.oracle,
    environment: claims.environment,
    selection: cited[0]?.selection ?? [],
    outcomes,
    ...(controlled?.controlSeed === undefined
      ? {}
      : {
          controls: {
            seed: controlled.controlSeed,
            targets: controlled.controlTargets ?? [],
            collected: controlled.report.collected,
          },
        }),
  };
}

function controlledRun(cited: readonly Observation[]): Observation | undefined {
  return cited.find(({ controls, controlSeed }) => controls !== undefined && controlSeed !== undefined);
}

/** The runs of base and patch that the verdict rests on. */
function changedRuns({ statement, evidence }: Required<ReceiptContent>): Observation[] {
  const { expectation, verdict } = statement.predicate.assay;
  return citedEvidence(evidence, verdict)
    .map(({ observation }) => observation)
    .filter(({ patch }) => patch === expectation.patch);
}

function flakyBefore(expectation: ReceiptStatement["predicate"]["assay"]["expectation"]): readonly string[] {
  if (expectation.kind === "change-shown") return expectation.unsteady;
  return Object.keys(expectation.excused).filter((id) => expectation.excused[id] === "flaky-before");
}

/** Compares a new observation with the receipt: same base, patch and oracle, same outcome per test. Pure. */
export function compareRerun(receipt: Required<ReceiptContent>, observation: Observation): RerunComparison {
  const plan = rerunPlan(receipt);
  const differences: RerunDifference[] = [];
  for (const kind of ["base", "patch", "oracle"] as const) {
    const actual = observation[kind] ?? "none";
    if (actual !== plan[kind]) differences.push({ kind, expected: plan[kind], actual });
  }
  if (observation.termination.kind !== "exited" || !observation.report.complete) {
    differences.push({ kind: "ended-early", termination: observation.termination.kind });
  }
  const seen = new Map(observation.report.results.map(({ id, outcome }) => [id, outcome]));
  for (const [test, expected] of plan.outcomes) {
    const actual = seen.get(test) ?? "not-collected";
    if (actual !== expected) differences.push({ kind: "outcome", test, expected, actual });
  }
  differences.push(...controlDifferences(controlledRun(changedRuns(receipt)), observation, plan.outcomes));
  const { expectation } = receipt.statement.predicate.assay;
  const known = new Set(expectation.kind === "change-shown" ? [] : expectation.collected);
  for (const [test, actual] of seen) {
    if (!known.has(test) && !plan.outcomes.has(test)) differences.push({ kind: "unexpected-test", test, actual });
  }
  return differences.length === 0
    ? { kind: "reproduced", tests: plan.outcomes.size }
    : { kind: "differs", differences };
}

/** Of steady tests only: a flaky test's control comes and goes with it. */
function controlDifferences(
  before: Observation | undefined,
  now: Observation,
  steady: ReadonlyMap<string, TestOutcome>,
): RerunDifference[] {
  const key = ({ test, alteration }: ControlResult) => JSON.stringify([test, alteration]);
  const seen = new Map((now.controls ?? []).map((control) => [key(control), control.outcome]));
  return (before?.controls ?? []).flatMap((control) => {
    const { test, alteration, outcome: expected } = control;
    const actual = seen.get(key(control)) ?? "not-run";
    return !steady.has(test) || actual === expected ? [] : [{ kind: "control", test, alteration, expected, actual }];
  });
}
