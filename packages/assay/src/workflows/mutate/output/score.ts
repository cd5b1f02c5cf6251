import type { MutantResult, MutantStatus } from "../mutation.ts";

export type Score = Record<MutantStatus, number> & {
  /** Those that have an outcome: what errored counts for nothing. */
  total: number;
  /** Noticed mutants of these, 0 to 1; absent when there are none. */
  noticed?: number;
};

/** A timeout counts as noticed: it was seen twice. */
export function scoreOf(mutants: readonly MutantResult[]): Score {
  const counts = { killed: 0, survived: 0, "timed-out": 0, errored: 0, uncovered: 0 };
  for (const { status } of mutants) counts[status] += 1;
  const valid = mutants.length - counts.errored;
  const noticed = valid === 0 ? {} : { noticed: (counts.killed + counts["timed-out"]) / valid };
  return { ...counts, total: valid, ...noticed };
}

export function percent(share: number | undefined): string {
  if (share === undefined) return "–";
  // Never more than it is: what is below 80 must not be shown as 80.
  return `${share === 1 ? 100 : (Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

/** Scores of the functions of a file, worst first. */
export function byFunction(mutants: readonly MutantResult[]): { name: string; score: Score }[] {
  return [...Map.groupBy(mutants, (mutant) => mutant.function ?? "(top of the file)")]
    .map(([name, some]) => ({ name, score: scoreOf(some) }))
    .sort((a, b) => (a.score.noticed ?? 2) - (b.score.noticed ?? 2) || (a.name < b.name ? -1 : 1));
}
