import type { Vote } from "./ordering.ts";

/**
 * Kendall's W over ballots, 0 (none) to 1 (all the same), by way of the mean Spearman correlation r of all pairs of judges:
 * W = (1 + (k - 1) r) / k for k judges (Kendall and Babington Smith 1939). On complete ballots without ties this is W itself. A pair of
 * judges is compared on the changes that both ranked, two or more, with middle ranks for ties (a judge of two minds); ballots so tied
 * that nothing can be compared correlate by 0. What falls below 0, which partial ballots can, is 0.
 * `undefined` where no two judges ranked the same two changes.
 */
export function agreementOf(votes: readonly Vote[]): number | undefined {
  const ranks = votes.map(meanPlaces);
  const correlations: number[] = [];
  for (const [index, one] of ranks.entries()) {
    for (const other of ranks.slice(index + 1)) {
      const common = [...one.keys()].filter((item) => other.has(item));
      if (common.length >= 2) correlations.push(spearman(places(one, common), places(other, common)));
    }
  }
  if (correlations.length === 0) return undefined;
  // In one order whatever the order of the judges: sums of fractions depend on it in the last digits.
  const mean = correlations.sort((a, b) => a - b).reduce((sum, r) => sum + r, 0) / correlations.length;
  return Math.min(1, Math.max(0, (1 + (votes.length - 1) * mean) / votes.length));
}

/** By change, where it stood in the two orderings of a judge. */
function meanPlaces([order, reversed]: Vote): Map<number, number> {
  return new Map(order.map((item, place) => [item, (place + reversed.indexOf(item)) / 2]));
}

function places(ranks: ReadonlyMap<number, number>, items: readonly number[]): number[] {
  return middleRanks(items.map((item) => ranks.get(item) ?? 0));
}

/** Ranks from 0; equal values share the middle of theirs. */
function middleRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });
}

/** Pearson's correlation of ranks. */
function spearman(a: readonly number[], b: readonly number[]): number {
  const middle = (a.length - 1) / 2;
  let both = 0;
  let ofA = 0;
  let ofB = 0;
  for (const [index, rank] of a.entries()) {
    const da = rank - middle;
    const db = (b[index] ?? middle) - middle;
    both += da * db;
    ofA += da * da;
    ofB += db * db;
  }
  return ofA === 0 || ofB === 0 ? 0 : both / Math.sqrt(ofA * ofB);
}
