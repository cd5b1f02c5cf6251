import type { Digest, Evidence, Observation, RunEvent, RunEventBody, Verdict } from "@assay/sdk";
import { digestOf } from "#ports";
import type { GatheredEvidence } from "#receipt";
import { type RunView, viewRun } from "#report";
import { sampleDiff, sampleFailure, sampleHealing, sampleObservation, sampleTargets } from "./sample-healing.ts";

export type SampleRun = { events: RunEvent[]; observations: Map<Digest, Observation> };

const start = Date.parse("2026-01-02T03:04:05.678Z");
const otherDiff = sampleDiff
  .replace("range(years):", "range(max(years, 1)):")
  .replace("@@ -14,7 +14,7 @@", "@@ -14,7 +14,7 @@");

/** Numbers the bodies and gives them times: each is `afterMs` later than the one before. */
function asEvents(bodies: readonly [afterMs: number, body: RunEventBody][]): RunEvent[] {
  let at = start;
  return bodies.map(([afterMs, body], index) => {
    at += afterMs;
    return { seq: index + 1, runId: "heal-01kbm2x9c4", at, ...body };
  });
}

function evidenceOf({ digest, purpose, observation }: GatheredEvidence): Evidence {
  const count = (...outcomes: string[]) =>
    observation.report.results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    digest,
    purpose,
    counts: {
      collected: observation.report.collected.length,
      passed: count("passed"),
      failed: count("failed"),
      skipped: count("skipped"),
      other: count("errored", "timed-out", "not-run"),
    },
    durationMs: observation.durationMs,
  };
}

const step = (key: string, durationMs: number, result?: unknown): [number, RunEventBody] => [
  durationMs,
  { type: "step-finished", key, inputDigest: digestOf(key), durationMs, result: { kind: "value", value: result } },
];

/** The beginning that all sample runs share: detected, baseline twice, classified, searched. */
function opening(healing: ReturnType<typeof sampleHealing>): [number, RunEventBody][] {
  const [baseline, repeat] = healing.evidence;
  if (baseline === undefined || repeat === undefined) throw new Error("the sample has two baselines");
  return [
    [
      0,
      {
        type: "run-started",
        workflow: "heal",
        workflowVersion: 1,
        assayVersion: "0.1.0",
        goal: { kind: "heal", root: "/home/ada/projects/ledger", tests: [], apply: false },
      },
    ],
    [1, { type: "lease-claimed", owner: "host-4711" }],
    step("snapshot", 14),
    step("detect", 41),
    [
      1,
      {
        type: "project-detected",
        language: "python",
        runner: "pytest",
        details: ["pyproject.toml names pytest", ".venv holds CPython 3.11.2"],
      },
    ],
    [430, { type: "evidence-recorded", evidence: evidenceOf(baseline) }],
    step("baseline", 431),
    [402, { type: "evidence-recorded", evidence: evidenceOf(repeat) }],
    step("baseline-repeat", 403),
    [
      3,
      {
        type: "failures-classified",
        failures: [
          {
            category: "assertion",
            tests: sampleTargets,
            failure: sampleFailure,
            environment: false,
            fixability: { score: 0.82, reasons: ["one assertion, one place", "the place is covered by 6 tests"] },
            suggestedMethod: "update",
          },
        ],
      },
    ],
    step("coverage", 612),
    [1180, { type: "candidates-tried", proposer: "search", tried: 214, plausible: 3, durationMs: 1180 }],
  ];
}

const suspects = {
  suspects: [
    { file: "ledger/interest.py", line: 17, score: 0.91 },
    { file: "ledger/interest.py", line: 18, score: 0.87 },
    { file: "ledger/money.py", line: 40, score: 0.35 },
  ],
};

function withEvidence(
  healing: ReturnType<typeof sampleHealing>,
  gathered: readonly GatheredEvidence[],
): SampleRun["observations"] {
  return new Map(
    [...healing.evidence.slice(0, 2), ...gathered].map(({ digest, observation }) => [digest, observation]),
  );
}

function proposed(candidate: string, diff: string, summary: string, rank: number): [number, RunEventBody] {
  return [
    2,
    {
      type: "candidate-proposed",
      candidate,
      patch: digestOf(diff),
      diff,
      provenance: { proposer: "search", method: "off-by-one", summary, rank },
    },
  ];
}

/** One of three plausible candidates is rejected, the next one accepted. */
export function acceptedRun(): SampleRun {
  const healing = sampleHealing();
  const checks = healing.evidence.slice(2);
  const bad = sampleObservation(["tests/test_interest.py::test_compound_zero_years"], digestOf(otherDiff), 388);
  const badEvidence: GatheredEvidence = { digest: digestOf("bad"), purpose: "check", observation: bad };
  const rejected: Verdict = {
    kind: "rejected",
    reasons: [
      {
        code: "test-regressed",
        detail: "tests that were green are red",
        subjects: ["tests/test_interest.py::test_compound_zero_years"],
      },
    ],
    evidence: [badEvidence.digest],
    level: "in-process",
  };
  const events = asEvents([
    ...opening(healing),
    step("search-1", 1184, suspects),
    proposed("c1", otherDiff, "Iterate at least once in compound()", 36),
    [390, { type: "evidence-recorded", candidate: "c1", evidence: evidenceOf(badEvidence) }],
    step("check-c1", 391),
    [1, { type: "verdict-reached", candidate: "c1", verdict: rejected }],
    proposed("c2", sampleDiff, healing.input.provenance.summary, 37),
    ...checks.map((one): [number, RunEventBody] => [
      380,
      { type: "evidence-recorded", candidate: "c2", evidence: evidenceOf(one) },
    ]),
    step("check-c2", 764),
    step("minimise", 9),
    [1, { type: "verdict-reached", candidate: "c2", verdict: healing.input.verdict }],
    [
      6,
      {
        type: "artifact-written",
        kind: "patch",
        path: "/home/ada/projects/ledger/.assay/runs/heal-01kbm2x9c4/fix.patch",
        digest: healing.patch,
      },
    ],
    [
      1,
      {
        type: "artifact-written",
        kind: "bundle",
        path: "/home/ada/projects/ledger/.assay/runs/heal-01kbm2x9c4/bundle",
        digest: digestOf("bundle"),
      },
    ],
    [
      0,
      {
        type: "budget-settled",
        scope: "search",
        reserved: { candidates: 20000 },
        spent: { candidates: 214, wallMs: 1180 },
      },
    ],
    [
      2,
      {
        type: "result",
        outcome: "accepted",
        exitCode: 0,
        summary:
          "Iterating `years` times instead of `years - 1` times in compound() turns both failing tests green and breaks none.",
        verdict: healing.input.verdict,
        base: healing.expectation.base,
        patch: { digest: healing.patch, path: "fix.patch", provenance: healing.input.provenance },
        applied: false,
      },
    ],
  ]);
  return { events, observations: withEvidence(healing, [badEvidence, ...checks]) };
}

/** Nothing plausible was found. */
export function notFoundRun(): SampleRun {
  const healing = sampleHealing();
  const events = asEvents([
    ...opening(healing).map(([ms, body]): [number, RunEventBody] =>
      body.type === "candidates-tried" ? [ms, { ...body, plausible: 0 }] : [ms, body],
    ),
    step("search-1", 1184, suspects),
    [
      0,
      {
        type: "note",
        level: "info",
        message: "The smallest failing test is tests/test_interest.py::test_compound_one_year.",
      },
    ],
    [
      2,
      {
        type: "result",
        outcome: "not-found",
        exitCode: 1,
        summary: "None of 214 single edits turns the 2 failing tests green without breaking another.",
      },
    ],
  ]);
  return { events, observations: withEvidence(healing, []) };
}

/** The best candidate was not accepted: it broke a test, or the tests disagreed with themselves. */
export function refusedRun(kind: "rejected" | "inconclusive"): SampleRun {
  const healing = sampleHealing();
  const broken = kind === "rejected" ? ["tests/test_accounts.py::test_transfer"] : [];
  const gathered = (["check", "recheck"] as const).map((purpose, index): GatheredEvidence => {
    const observation = sampleObservation(broken, healing.patch, 380 + index);
    return { digest: digestOf(`${kind}-${purpose}`), purpose, observation };
  });
  const verdict: Verdict = {
    kind,
    reasons:
      kind === "rejected"
        ? [{ code: "test-regressed", detail: "tests that were green are red", subjects: broken }]
        : [
            {
              code: "flaky",
              detail: "passed in one run and failed in another of the same change",
              subjects: ["tests/test_accounts.py::test_idempotent_replay"],
            },
          ],
    evidence: gathered.map(({ digest }) => digest),
    level: "in-process",
  };
  const events = asEvents([
    ...opening(healing),
    ...(kind === "inconclusive"
      ? [
          [
            1,
            { type: "flakes-quarantined", tests: ["tests/test_accounts.py::test_statement_order"], evidence: [] },
          ] as [number, RunEventBody],
        ]
      : []),
    step("search-1", 1184, suspects),
    proposed("c1", sampleDiff, healing.input.provenance.summary, 37),
    ...gathered.map((one): [number, RunEventBody] => [
      380,
      { type: "evidence-recorded", candidate: "c1", evidence: evidenceOf(one) },
    ]),
    step("check-c1", 764),
    [1, { type: "verdict-reached", candidate: "c1", verdict }],
    [
      2,
      {
        type: "result",
        outcome: kind,
        exitCode: kind === "rejected" ? 1 : 3,
        summary:
          kind === "rejected"
            ? "The only plausible change breaks a test that was green."
            : "A change makes the failing tests pass, but another test passed once and failed once with it.",
        verdict,
      },
    ],
  ]);
  return { events, observations: withEvidence(healing, gathered) };
}

/** As the accepted run, executed with `--unsafe-no-sandbox`. */
export function unsafeRun(): SampleRun {
  const { events, observations } = acceptedRun();
  const exposed = [...observations].map(([digest, observation]): [Digest, Observation] => [
    digest,
    {
      ...observation,
      isolation: {
        kind: "none",
        uid: 1000,
        network: "host",
        seccomp: false,
        memory: "none",
        processes: "none",
        workspace: "copy",
      },
    },
  ]);
  return { events, observations: new Map(exposed) };
}

export function viewOf({ events, observations }: SampleRun, signed = false): RunView {
  const receipt = {
    keyid: "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29",
    bundle: "/home/ada/projects/ledger/.assay/runs/heal-01kbm2x9c4/bundle",
    digest: digestOf("bundle"),
  };
  return viewRun(events, { observations, ...(signed ? { receipt } : {}) });
}
