import type { Isolation, Termination, TestReport, VerdictLevel } from "@assay/sdk";
import { isolationWeakness } from "./isolation-weakness.ts";
import { uncollectedFile } from "./uncollected-file.ts";

/** What is known of a worker when its result is looked at. */
export type WorkerStanding = {
  attest: boolean;
  revoked: boolean;
  /** Its statement names this very result and is signed with its key. */
  signed: boolean;
  /** Why nothing follows from what it reports, as `unusableReport` tells it; absent: something does. */
  unusable?: string | undefined;
};

export type AttestationPolicy = {
  /** Part of the trusted results that is executed again, 0 to 1. */
  sampleRate: number;
};

export const defaultAttestation: AttestationPolicy = { sampleRate: 0.1 };

/**
 * What a worker's result counts for. `claim`: for nothing, it is done again here. `sampled`: it would count, and is done again to see
 * whether it should. `evidence`: it counts as if it had been seen here, until its worker is found wrong.
 */
export type ResultWorth = { kind: "claim"; because: string } | { kind: "sampled" } | { kind: "evidence" };

/**
 * `draw`, in [0, 1), is made of the claim's token and of a secret of whoever asks: the same each time for that claim, and nothing that
 * a worker can know before it reports.
 */
export function worthOf(standing: WorkerStanding, draw: number, policy: AttestationPolicy): ResultWorth {
  if (standing.revoked) return { kind: "claim", because: "the worker is revoked" };
  if (!standing.attest) return { kind: "claim", because: "the worker is not trusted to attest" };
  if (!standing.signed) return { kind: "claim", because: "the result is not signed by the worker that brought it" };
  if (standing.unusable !== undefined) return { kind: "claim", because: standing.unusable };
  return draw < policy.sampleRate ? { kind: "sampled" } : { kind: "evidence" };
}

/** What one execution of a suite showed. `level`: absent where it was asked for otherwise than a tester's, and cannot be compared. */
export type SuiteSeen = {
  report: TestReport;
  termination: Termination;
  level?: VerdictLevel | undefined;
  /** Oracle files that were written meanwhile. */
  written: readonly string[];
};

/**
 * Why a report says more of its tester's machine than of the suite: that was cut off, or was isolated less than it would be here. Such
 * a report is no lie, and counts for nothing.
 */
export function unusableReport(
  { report, termination, isolation }: SuiteSeen & { isolation: Isolation },
  here: Isolation,
): string | undefined {
  if (termination.kind !== "exited") return `the suite was ended at the tester: ${termination.kind}`;
  if (!report.complete) return "the tester's report is not complete";
  if (report.results.some(({ outcome }) => outcome === "timed-out")) return "a test ran out of time at the tester";
  return isolationWeakness(isolation) > isolationWeakness(here)
    ? "the tester isolates less than is done here"
    : undefined;
}

/**
 * In what a worker's report differs from every execution here, in sentences; at most 20: in all that a judge looks at. That
 * is of each test its outcome, its file and whether it was collected; files that cannot be collected, the end, the level, and the oracle
 * files that were written. Tests that were seen to come and go, here or before, say
 * nothing about a worker: with more executions here there is less that can be held against it, never more.
 */
export function contradictions(
  reported: SuiteSeen,
  here: readonly SuiteSeen[],
  flaky: ReadonlySet<string> = new Set(),
): string[] {
  if (here.length === 0) return [];
  const found: string[] = [];
  const compare = (subject: string, told: string, seen: readonly string[]) => {
    if (seen.includes(told)) return;
    const others = [...new Set(seen)].join(" and ");
    found.push(`${subject}: reported as ${told.slice(0, saidMax)}, seen as ${others.slice(0, saidMax)}`);
  };
  const compareAll = (subject: string, of: (seen: SuiteSeen) => string | undefined) => {
    const told = of(reported);
    const seen = here.flatMap((one) => of(one) ?? []);
    if (told !== undefined && seen.length === here.length) compare(subject, told, seen);
  };
  const shown = new Map([reported, ...here].map((seen) => [seen, shownOf(seen)]));
  for (const test of new Set([...shown.values()].flatMap((tests) => [...tests.keys()]))) {
    compareAll(test, (seen) => {
      const outcome = shown.get(seen)?.get(test)?.outcome ?? "not collected";
      return flaky.has(test) && !outcome.endsWith("not collected") ? "collected" : outcome;
    });
    compareAll(`the file of ${test}`, (seen) => shown.get(seen)?.get(test)?.file);
  }
  for (const [subject, of] of features) compareAll(subject, of);
  return found.slice(0, contradictionsMax);
}

const contradictionsMax = 20;
const saidMax = 300;

const features: readonly [string, (seen: SuiteSeen) => string | undefined][] = [
  ["the runner", ({ report }) => report.runner],
  ["the suite", ({ termination }) => termination.kind],
  ["the report", ({ report }) => (report.complete ? "complete" : "incomplete")],
  ["files that cannot be collected", ({ report }) => named(report.collectionErrors.map(uncollectedFile))],
  ["the level", ({ level }) => level],
  ["oracle files written", ({ written }) => named(written)],
];

function named(files: readonly string[]): string {
  return files.length === 0 ? "none" : [...new Set(files)].sort().join(", ");
}

/** Of each test its outcomes, should there be several. */
function outcomesOf({ report }: Pick<SuiteSeen, "report">): Map<string, string> {
  const outcomes = new Map<string, Set<string>>(report.collected.map((id) => [id, new Set()]));
  for (const { id, outcome } of report.results) outcomes.set(id, (outcomes.get(id) ?? new Set()).add(outcome));
  return new Map([...outcomes].map(([id, all]) => [id, all.size === 0 ? "not run" : [...all].sort().join(" and ")]));
}

type Shown = { outcome: string; file: string | undefined };

/** Of each test all that a judge looks at: its outcome, whether it is among those collected, and the file that it is said to be in. */
function shownOf(seen: SuiteSeen): Map<string, Shown> {
  const collected = new Set(seen.report.collected);
  const files = new Map(seen.report.results.map(({ id, file }) => [id, file]));
  const shown = [...outcomesOf(seen)].map(([id, said]): [string, Shown] => {
    const outcome = collected.has(id) ? said : `${said}, but not collected`;
    return [id, { outcome, file: files.get(id) }];
  });
  return new Map(shown);
}

/**
 * What keeps a suite from having passed, as it was seen once; absent: nothing. Each test of the selection is there and passed, and at least one
 * did; without a selection, every test. Skipped tests pass nothing, and are no failures unless they are named. What wrote its own tests has
 * shown nothing.
 */
export function suiteShortfall(
  { report, termination, written }: Pick<SuiteSeen, "report" | "termination" | "written">,
  selection: readonly string[],
): string | undefined {
  if (termination.kind !== "exited") return `the suite was ended: ${termination.kind}`;
  if (!report.complete) return "the suite gave no complete report";
  if (written.length > 0) return `the suite wrote its own tests: ${named(written)}`;
  const [file] = report.collectionErrors;
  if (file !== undefined) return `${uncollectedFile(file)} cannot be collected`;
  const outcomes = outcomesOf({ report });
  const bad = [...outcomes].filter(
    ([id, outcome]) => outcome !== "passed" && (outcome !== "skipped" || selection.includes(id)),
  );
  const gone = selection.filter((id) => !outcomes.has(id));
  const short = [...bad.map(([id, outcome]) => `${id} ${outcome}`), ...gone.map((id) => `${id} not collected`)];
  if (short.length > 0)
    return `${short.length} of ${outcomes.size} tests did not pass: ${short.slice(0, 10).join(", ")}`;
  return outcomes.size === 0 || ![...outcomes.values()].includes("passed") ? "no test passed" : undefined;
}
