import type { Digest, EvidencePurpose, Expectation, Failure, Isolation, Observation, TestResult } from "@assay/sdk";
import { judge } from "#domain";
import { canonicalJson, digestOf } from "#ports";
import type { GatheredEvidence, ReceiptInput } from "#receipt";
import { MemoryBlobs } from "./memory-blobs.ts";

export const sampleDiff = `diff --git a/ledger/interest.py b/ledger/interest.py
--- a/ledger/interest.py
+++ b/ledger/interest.py
@@ -14,7 +14,7 @@ def compound(principal: Decimal, rate: Decimal, years: int) -> Decimal:
     if years < 0:
         raise ValueError("years must not be negative")
     balance = principal
-    for _ in range(years - 1):
+    for _ in range(years):
         balance += balance * rate
     return balance.quantize(CENT)
 
`;

export const sampleIsolation: Isolation = {
  kind: "bubblewrap",
  version: "0.8.0",
  uid: 65534,
  network: "none",
  seccomp: true,
  memory: "cgroup-v2",
  processes: "cgroup-v2",
  workspace: "overlay",
};

const names = ["zero_years", "one_year", "ten_years", "negative_years", "zero_rate", "rounds_half_even"].map(
  (name) => `tests/test_interest.py::test_compound_${name}`,
);
const others = ["transfer", "rejects_overdraft", "statement_order", "currency_mismatch", "idempotent_replay"].map(
  (name) => `tests/test_accounts.py::test_${name}`,
);
export const sampleTests = [...names, ...others, "tests/test_export.py::test_csv_locale"].sort();
export const sampleTargets = [
  "tests/test_interest.py::test_compound_one_year",
  "tests/test_interest.py::test_compound_ten_years",
];

export const sampleFailure: Failure = {
  type: "AssertionError",
  message: "assert Decimal('155.13') == Decimal('162.89')",
  file: "tests/test_interest.py",
  line: 22,
  expected: "Decimal('162.89')",
  actual: "Decimal('155.13')",
  frames: [
    { file: "ledger/interest.py", line: 17, function: "compound" },
    { file: "tests/test_interest.py", line: 22, function: "test_compound_ten_years" },
  ],
};

export const sampleBase = digestOf("the base snapshot");
export const sampleOracle = digestOf("the oracle");

/** An observation of the sample suite in which exactly `red` fail. */
export function sampleObservation(red: readonly string[], patch: Digest | undefined, durationMs: number): Observation {
  return {
    base: sampleBase,
    ...(patch === undefined ? {} : { patch }),
    oracle: sampleOracle,
    selection: [],
    report: {
      runner: "pytest",
      runnerVersion: "8.3.4",
      collected: sampleTests,
      results: sampleTests.map((id, index): TestResult => {
        const common = { id, file: id.split("::")[0] ?? "", durationMs: 1 + index / 4 };
        if (id.includes("csv_locale")) return { ...common, outcome: "skipped" };
        return red.includes(id)
          ? { ...common, outcome: "failed", failure: sampleFailure }
          : { ...common, outcome: "passed" };
      }),
      collectionErrors: [],
      complete: true,
    },
    termination: { kind: "exited", code: red.length === 0 ? 0 : 1 },
    stdout: digestOf(`out ${red.length}`),
    stderr: digestOf(""),
    isolation: sampleIsolation,
    level: "in-process",
    durationMs,
  };
}

export type SampleHealing = {
  blobs: MemoryBlobs;
  input: ReceiptInput;
  expectation: Expectation;
  evidence: GatheredEvidence[];
  patch: Digest;
};

/** A bug in a small Python project, healed: two baselines, a check and a recheck, all kept as blobs. */
export function sampleHealing(): SampleHealing {
  const blobs = new MemoryBlobs();
  const patch = blobs.keep(sampleDiff);
  const gather = (purpose: EvidencePurpose, observation: Observation): GatheredEvidence => {
    const red = observation.report.results.filter(({ outcome }) => outcome === "failed").length;
    blobs.keep(`out ${red}`);
    blobs.keep("");
    return { digest: blobs.keep(canonicalJson(observation)), purpose, observation };
  };
  const evidence = [
    gather("baseline", sampleObservation(sampleTargets, undefined, 412)),
    gather("baseline-repeat", sampleObservation(sampleTargets, undefined, 398)),
    gather("check", sampleObservation([], patch, 377)),
    gather("recheck", sampleObservation([], patch, 381)),
  ];
  const expectation: Expectation = {
    kind: "tests-pass",
    base: sampleBase,
    patch,
    oracle: sampleOracle,
    collected: sampleTests,
    excused: { "tests/test_export.py::test_csv_locale": "skipped-before" },
    excusedFiles: [],
    targets: sampleTargets,
    targetFiles: [],
    oracleTouched: [],
    observationsMade: 2,
    minLevel: "in-process",
  };
  const input: ReceiptInput = {
    assayVersion: "0.1.0",
    runId: "heal-01kbm2x9c4",
    issuedAt: "2026-01-02T03:04:05.678Z",
    git: { commit: "4b825dc642cb6eb9a060e54bf8d69288fbee4904", dirty: false },
    provenance: {
      proposer: "search",
      method: "off-by-one",
      summary: "Iterate `years` times instead of `years - 1` times in compound()",
      rank: 37,
    },
    environment: { language: "python", interpreter: "CPython 3.11.2", os: "linux 6.1.0", arch: "x64" },
    expectation,
    verdict: judge(expectation, evidence.slice(2)),
    evidence,
  };
  return { blobs, input, expectation, evidence, patch };
}
