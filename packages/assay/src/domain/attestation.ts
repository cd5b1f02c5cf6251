import type { Termination, TestReport } from "@assay/sdk";

/** What is known of a worker when its result is looked at. */
export type WorkerStanding = {
  attest: boolean;
  revoked: boolean /** Its statement names this very result and is signed with its key. */;
  signed: boolean;
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
  return draw < policy.sampleRate ? { kind: "sampled" } : { kind: "evidence" };
}

/** What one execution of a suite showed. */
export type SuiteSeen = { report: TestReport; termination: Termination };

/**
 * In what a worker's report differs from every execution here, in sentences; at most 20. Tests that were seen to come and go, here or
 * before, say nothing about a worker: with more executions here there is less that can be held against it, never more.
 */
export function contradictions(
  reported: SuiteSeen,
  here: readonly SuiteSeen[],
  flaky: ReadonlySet<string> = new Set(),
): string[] {
  if (here.length === 0) return [];
  const found: string[] = [];
  const runs = here.map(outcomesOf);
  const theirs = outcomesOf(reported);
  for (const test of new Set([...theirs.keys(), ...runs.flatMap((run) => [...run.keys()])])) {
    if (flaky.has(test)) continue;
    const seen = new Set(runs.map((run) => run.get(test) ?? "not collected"));
    const told = theirs.get(test) ?? "not collected";
    if (!seen.has(told)) found.push(`${test}: reported as ${told}, seen as ${[...seen].join(" and ")}`);
  }
  const ends = new Set(here.map(({ termination }) => termination.kind));
  if (!ends.has(reported.termination.kind)) {
    found.push(`the suite: reported as ${reported.termination.kind}, seen as ${[...ends].join(" and ")}`);
  }
  return found.slice(0, contradictionsMax);
}

const contradictionsMax = 20;

function outcomesOf({ report }: SuiteSeen): Map<string, string> {
  const outcomes = new Map<string, string>(report.collected.map((id) => [id, "not run"]));
  for (const { id, outcome } of report.results) outcomes.set(id, outcome);
  return outcomes;
}
