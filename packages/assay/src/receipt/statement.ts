import type {
  ChangeExpectation,
  Digest,
  EvidencePurpose,
  Expectation,
  Isolation,
  Observation,
  Provenance,
  ReceiptEnvironment,
  ReceiptStatement,
  Verdict,
} from "@assay/sdk";
import { statementType, testResultPredicateType } from "@assay/sdk";
import { isolationWeakness, isRed, raise } from "#domain";
import { canonicalJson } from "#ports";

/** An observation with its digest and what it was made for. */
export type GatheredEvidence = { digest: Digest; purpose: EvidencePurpose; observation: Observation };

/** What a receipt is made from; everything else in it is derived. */
export type ReceiptInput = {
  assayVersion: string;
  runId: string;
  /** RFC 3339 in UTC, as `Date#toISOString` gives it. Record it in the step: signing again must give the same bytes. */
  issuedAt: string;
  git?: { commit: string; dirty: boolean };
  provenance: Provenance;
  patchedTree?: Digest;
  environment: Omit<ReceiptEnvironment, "runner" | "runnerVersion">;
  expectation: Expectation | ChangeExpectation;
  verdict: Verdict;
  /** What the verdict cites, and the baseline it is compared with. */
  evidence: readonly GatheredEvidence[];
};

/**
 * The statement for a verdict. Pure and deterministic; the order of the evidence does not matter.
 * Verification calls it again with what a receipt holds and compares.
 * Throws a `FaultError` of code `receipt-invalid` when the verdict cites evidence that is not given.
 */
export function buildStatement(input: ReceiptInput): ReceiptStatement {
  const { expectation, verdict } = input;
  const cited = citedEvidence(input.evidence, verdict).map(({ observation }) => observation);
  // Runs of the base, and of parts of the change, are cited too; what passed is what passed with the change.
  const changed = cited.filter(({ patch }) => patch === expectation.patch);
  // What a worker says of its environment is no word about this machine's.
  const [own = changed[0] ?? cited[0]] = changed.filter(({ worker }) => worker === undefined);
  const report = own?.report;
  if (report === undefined) raise("receipt-invalid", "the verdict cites no evidence");
  const { passed, failed } = testsOf(changed);
  const patch = hexOf(expectation.patch);
  return {
    _type: statementType,
    subject: [
      { name: "patch.diff", digest: { sha256: patch } },
      ...(input.patchedTree === undefined
        ? []
        : [{ name: "patched-tree", digest: { sha256: hexOf(input.patchedTree) } }]),
    ],
    predicateType: testResultPredicateType,
    predicate: {
      result: verdict.kind === "accepted" ? "PASSED" : "FAILED",
      configuration: [
        { name: "base", digest: { sha256: hexOf(expectation.base) } },
        ...(input.git === undefined ? [] : [{ name: "base-commit", digest: { gitCommit: input.git.commit } }]),
        { name: "oracle", digest: { sha256: hexOf(expectation.oracle) } },
      ],
      passedTests: passed,
      failedTests: failed,
      assay: {
        schemaVersion: 1,
        assayVersion: input.assayVersion,
        runId: input.runId,
        issuedAt: input.issuedAt,
        base: {
          snapshot: expectation.base,
          ...(input.git === undefined ? {} : { gitCommit: input.git.commit, dirty: input.git.dirty }),
        },
        patch: { digest: expectation.patch, provenance: input.provenance },
        ...(input.patchedTree === undefined ? {} : { patchedTree: input.patchedTree }),
        oracle: expectation.oracle,
        environment: {
          ...input.environment,
          runner: report.runner,
          ...(report.runnerVersion === undefined ? {} : { runnerVersion: report.runnerVersion }),
        },
        isolation: weakestIsolation(cited),
        level: verdict.level,
        expectation,
        verdict,
        evidence: [...new Map(input.evidence.map((one) => [one.digest + one.purpose, one])).values()]
          .map(({ digest, purpose, observation }) => ({
            digest,
            purpose,
            stdout: observation.stdout,
            stderr: observation.stderr,
            ...(observation.worker === undefined ? {} : { worker: observation.worker }),
          }))
          .sort((a, b) => compare(a.purpose, b.purpose) || compare(a.digest, b.digest)),
      },
    },
  };
}

/** The evidence a verdict rests on, by digest. */
export function citedEvidence(evidence: readonly GatheredEvidence[], verdict: Verdict): GatheredEvidence[] {
  return [...verdict.evidence]
    .sort()
    .map(
      (digest) =>
        evidence.find((one) => one.digest === digest) ??
        raise("receipt-invalid", `the verdict cites evidence that is not there: ${digest}`),
    );
}

function testsOf(observations: readonly Observation[]): { passed: string[]; failed: string[] } {
  const passes = new Map<string, number>();
  const failed = new Set<string>();
  for (const { report } of observations) {
    for (const { id, outcome } of report.results) {
      if (outcome === "passed") passes.set(id, (passes.get(id) ?? 0) + 1);
      if (isRed(outcome)) failed.add(id);
    }
  }
  const passed = [...passes].filter(([, count]) => count === observations.length).map(([id]) => id);
  return { passed: passed.sort(), failed: [...failed].sort() };
}

/** An observation made without a sandbox, or with the network, decides for all. */
function weakestIsolation(observations: readonly Observation[]): Isolation {
  const [weakest] = observations
    .map(({ isolation }) => isolation)
    .sort((a, b) => isolationWeakness(b) - isolationWeakness(a) || compare(canonicalJson(a), canonicalJson(b)));
  return weakest ?? raise("receipt-invalid", "the verdict cites no evidence");
}

function hexOf(digest: Digest): string {
  return digest.slice("sha256:".length);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
