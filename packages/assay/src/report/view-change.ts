import type { Digest, Evidence, Observation, RunEvent } from "@assay/sdk";
import { ChangeEvidence, hunkStandings } from "#domain";
import type { ChangeView } from "./run-view.ts";

/** What a judgement found out about its change; `undefined` in a run of another kind, or before it was found out. */
export function viewChange(
  events: readonly RunEvent[],
  observations: ReadonlyMap<Digest, Observation>,
): ChangeView | undefined {
  const examined = events.findLast((event) => event.type === "change-examined");
  if (examined === undefined) return undefined;
  const cited = [...observations].map(([digest, observation]) => ({ digest, observation }));
  const { expectation } = examined;
  return { expectation, hunks: hunkStandings(new ChangeEvidence(expectation, cited)) };
}

/**
 * What stands for before and after: of a judgement the base's code with the head's tests, where those could be collected there, and
 * the head as it is.
 */
export function decisiveRuns(
  all: readonly Evidence[],
  best: readonly Evidence[],
  observations: ReadonlyMap<Digest, Observation>,
): { before: Digest | undefined; after: Digest | undefined } {
  const of = (runs: readonly Evidence[], purpose: Evidence["purpose"]) =>
    runs.find((one) => one.purpose === purpose)?.digest;
  const newTests = of(all, "new-tests");
  const collected = newTests !== undefined && observations.get(newTests)?.report.collectionErrors.length === 0;
  return {
    before: (collected ? newTests : undefined) ?? of(all, "base") ?? of(all, "baseline"),
    after: of(best, "head") ?? best.at(-1)?.digest,
  };
}
