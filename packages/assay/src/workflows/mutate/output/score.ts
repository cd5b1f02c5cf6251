import type { MutantResult, MutantStatus } from "../mutation.ts";

export type Score = Record<MutantStatus, number> & {
  total: number;
  /** Noticed mutants of those that have an outcome, 0 to 1; absent when none has. What errored counts for nothing. */
  noticed?: number;
};

/** A timeout counts as noticed: it was seen twice. */
export function scoreOf(mutants: readonly MutantResult[]): Score {
  const counts = { killed: 0, survived: 0, "timed-out": 0, errored: 0, uncovered: 0 };
  for (const { status } of mutants) counts[status] += 1;
  const valid = mutants.length - counts.errored;
  const noticed = valid === 0 ? {} : { noticed: (counts.killed + counts["timed-out"]) / valid };
  return { ...counts, total: mutants.length, ...noticed };
}

export function percent(share: number | undefined): string {
  return share === undefined ? "–" : `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`;
}

/** Scores of the functions of a file, worst first. */
export function byFunction(mutants: readonly MutantResult[]): { name: string; score: Score }[] {
  return [...Map.groupBy(mutants, (mutant) => mutant.function ?? "(top of the file)")]
    .map(([name, some]) => ({ name, score: scoreOf(some) }))
    .sort((a, b) => (a.score.noticed ?? 2) - (b.score.noticed ?? 2) || (a.name < b.name ? -1 : 1));
}
