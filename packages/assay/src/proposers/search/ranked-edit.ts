import { generateReplacements, type OperatorName, priors, type Replacement } from "#syntax";
import type { FactsOf } from "./facts.ts";
import { pairsOf } from "./pairs.ts";
import type { SourceTrees } from "./source-trees.ts";
import { type Suspicion, scoreAt } from "./suspicion.ts";

/** Edits worked out for one request; what is suspected least is left out. */
export const editsMax = 50_000;

export type RankedEdit = { edit: Replacement; score: number };

export type Ranking = {
  suspicion: Suspicion;
  sources: SourceTrees;
  factsOf: FactsOf;
  /** Edits that come before all others. */
  fixes?: readonly RankedEdit[];
  /** How early an operator's edits are worth a try, given what was measured before anything was learned. */
  weigh?: (operator: OperatorName, seed: number) => number;
};

/**
 * `fixes`, all single edits of the suspected files, and pairs of the best, best first: suspicion of the place × prior of the operator.
 * Equal scores keep the order of files, then of the source, then of the operators: the same request gives the same list.
 */
export function rankEdits({ fixes = [], ...search }: Ranking): RankedEdit[] {
  const singles = singleEdits(search);
  const { sources } = search;
  return best([...fixes, ...singles, ...pairsOf(singles, sources.texts)]);
}

function singleEdits({ suspicion, sources, factsOf, weigh = (_, seed) => seed }: Ranking): RankedEdit[] {
  const factors = new Map<OperatorName, number>();
  for (const [operator, seed] of Object.entries(priors) as [OperatorName, number][]) {
    factors.set(operator, weigh(operator, seed) / seed);
  }
  const ranked: RankedEdit[] = [];
  for (const file of filesBestFirst(suspicion)) {
    const tree = sources.tree(file);
    if (tree === undefined) continue;
    const wanted = (place: Parameters<typeof scoreAt>[2]): boolean => scoreAt(suspicion, file, place, true) > 0;
    for (const edit of generateReplacements(tree, file, wanted, factsOf(file))) {
      const score = scoreAt(suspicion, file, edit, edit.insertion) * edit.prior * (factors.get(edit.operator) ?? 1);
      if (score > 0) ranked.push({ edit, score });
      // Twice as many as are kept, so that a long first file does not shut out better edits of the next ones.
      if (ranked.length >= editsMax * 2) return best(ranked);
    }
  }
  return best(ranked);
}

function best(ranked: RankedEdit[]): RankedEdit[] {
  return ranked.sort((a, b) => b.score - a.score).slice(0, editsMax);
}

/** Files by their most suspicious line. */
export function filesBestFirst(suspicion: Suspicion): string[] {
  const peak = (file: string): number => {
    const entry = suspicion.files.get(file);
    return entry ? Math.max(entry.base, ...[...entry.lines.values()].slice(0, 100_000)) : 0;
  };
  const peaks = new Map([...suspicion.files.keys()].map((file) => [file, peak(file)]));
  return [...peaks.keys()].sort((a, b) => (peaks.get(b) ?? 0) - (peaks.get(a) ?? 0) || (a < b ? -1 : 1));
}
