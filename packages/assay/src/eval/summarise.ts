import type { CheckOutcome, ProblemEvaluated } from "@assay/sdk";
import { type Interval, intervalOf } from "./statistics/interval.ts";
import { passAtK } from "./statistics/pass-at-k.ts";

export type EvalSummary = {
  /** Tasks with at least one candidate that counts. */
  problems: number;
  /** Tasks whose first candidate that counts passed. */
  passed: number;
  /** Candidates judged, and those left out since their check says nothing. */
  samples: number;
  excluded: readonly ProblemEvaluated[];
  /** `left`: tasks with too few candidates that count. */
  passAtK: readonly { k: number; interval: Interval | undefined; left: number }[];
  /** Candidates by outcome, and those that did not pass by outcome with error type; most first. */
  outcomes: readonly (readonly [CheckOutcome, number])[];
  errors: readonly (readonly [string, number])[];
  /** Of code that failed as the dataset has it: how much passed after repair, and what that took. */
  repair: { failing: number; fixed: number; rounds: number; tried: number; proposeMs: number } | undefined;
  /** How many candidates passed the tests that were shown, and how many of these the hidden ones, too. */
  gap: { visible: number; hidden: number } | undefined;
  /** Tasks whose reference solution does not pass. */
  brokenReferences: readonly string[];
  costMicroUsd: number;
  /** Of models: the share of candidates right after at most so many rounds, from the first on; and what was taken. */
  rounds: { passedAfter: readonly number[]; tokens: number } | undefined;
};

/** Outcomes that speak for nothing: they count neither for nor against. */
export const saysNothing: ReadonlySet<CheckOutcome> = new Set<CheckOutcome>(["fault", "unsupported", "no-calls"]);

/** All figures of an evaluation from what was recorded of its candidates. */
export function summarise(events: readonly ProblemEvaluated[], ks: readonly number[]): EvalSummary {
  const counted = events.filter(({ outcome }) => !saysNothing.has(outcome));
  const tasks = [...Map.groupBy(counted, ({ task }) => task).values()];
  const all = new Set(events.map(({ task }) => task)).size;
  const repaired = counted.filter(({ before }) => before !== undefined);
  const failing = repaired.filter(({ before }) => before !== "passed" && before && !saysNothing.has(before));
  const shown = counted.filter(({ visible }) => visible === "passed");
  const add = (pick: (event: ProblemEvaluated) => number) => events.reduce((sum, event) => sum + pick(event), 0);
  const wrong = events.filter((event) => !isPassed(event));
  const broken = events.filter(({ reference }) => reference !== undefined && reference !== "passed");
  return {
    problems: tasks.length,
    passed: tasks.filter(([first]) => first !== undefined && isPassed(first)).length,
    samples: events.length,
    excluded: events.filter(({ outcome }) => saysNothing.has(outcome)),
    passAtK: ks.map((k) => {
      const enough = tasks.filter((samples) => samples.length >= k);
      const values = enough.map((samples) => passAtK(samples.length, samples.filter(isPassed).length, k));
      return { k, interval: intervalOf(values), left: all - enough.length };
    }),
    outcomes: counts(events.map(({ outcome }) => outcome)),
    errors: counts(wrong.map(({ outcome, errorType }) => [outcome, errorType].filter(Boolean).join(": "))),
    repair:
      repaired.length === 0
        ? undefined
        : {
            failing: failing.length,
            fixed: failing.filter(isPassed).length,
            rounds: add(({ rounds }) => rounds),
            tried: add(({ tried }) => tried),
            proposeMs: add(({ proposeMs }) => proposeMs),
          },
    gap: counted.some(({ visible }) => visible !== undefined)
      ? { visible: shown.length, hidden: shown.filter(isPassed).length }
      : undefined,
    brokenReferences: [...new Set(broken.map(({ task }) => task))],
    costMicroUsd: add(({ costMicroUsd }) => costMicroUsd),
    rounds: roundsOf(
      counted,
      add(({ tokens }) => tokens ?? 0),
    ),
  };
}

/** By the full tests; who needed no further round is right in all of them. */
function roundsOf(counted: readonly ProblemEvaluated[], tokens: number): EvalSummary["rounds"] {
  const sampled = counted.flatMap(({ byRound }) => (byRound === undefined ? [] : [byRound]));
  if (sampled.length === 0) return undefined;
  const most = Math.max(...sampled.map(({ length }) => length));
  const passedAfter = Array.from({ length: most }, (_, index) => {
    const right = sampled.filter((outcomes) => outcomes[Math.min(index, outcomes.length - 1)] === "passed").length;
    return right / sampled.length;
  });
  return { passedAfter, tokens };
}

function isPassed({ outcome }: ProblemEvaluated): boolean {
  return outcome === "passed";
}

function counts<T extends string>(values: readonly T[]): (readonly [T, number])[] {
  const found = new Map<T, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return [...found].sort(([, a], [, b]) => b - a);
}
