import type { Ordering } from "./ordering.ts";

/** Changes that are ranked exactly: the work doubles with each. */
export const kemenyCandidatesMax = 7;

export type KemenyRanking = {
  order: Ordering;
  /** Orderings of pairs among the ballots that the ranking has the other way round. */
  distance: number;
  /** No other order is as near to the ballots. */
  unique: boolean;
};

/**
 * The order with the least total Kendall distance to the ballots (Kemeny 1959), exactly, by dynamic programming over sets: what it
 * costs at least to order a set is known from the sets with one less. A pair that a partial ballot does not have costs nothing there.
 * Among orders equally near, the one that `prefer` would sort first is taken, place by place from the best; `prefer` is a total order.
 * Throws a `RangeError` for more than `kemenyCandidatesMax`.
 */
export function kemenyRanking(
  preferred: readonly (readonly number[])[],
  prefer: (a: number, b: number) => number,
): KemenyRanking {
  const count = preferred.length;
  if (count > kemenyCandidatesMax)
    throw new RangeError(`${count} changes, and at most ${kemenyCandidatesMax} can be ranked exactly`);
  const items = Array.from({ length: count }, (_, item) => item).sort(prefer);
  const costs = leastCosts(preferred, items);
  const order: number[] = [];
  let unique = true;
  for (let rest = 2 ** count - 1; rest !== 0; ) {
    const set = rest;
    const best = items.filter(
      (item) => has(set, item) && costOfFirst(preferred, item, set) + at(costs, without(set, item)) === at(costs, set),
    );
    const [first] = best;
    if (first === undefined) throw new Error("no order has the least cost");
    if (best.length > 1) unique = false;
    order.push(first);
    rest = without(set, first);
  }
  return { order, distance: at(costs, 2 ** count - 1), unique };
}

/** What each set costs at least; sets are bit masks, so that a set's subsets come before it. */
function leastCosts(preferred: readonly (readonly number[])[], items: readonly number[]): number[] {
  const costs = [0];
  for (let set = 1; set < 2 ** items.length; set += 1) {
    const options = items
      .filter((item) => has(set, item))
      .map((item) => costOfFirst(preferred, item, set) + at(costs, without(set, item)));
    costs.push(Math.min(...options));
  }
  return costs;
}

/** How often the others of the set were put before the one that is to stand before them. */
function costOfFirst(preferred: readonly (readonly number[])[], first: number, set: number): number {
  let cost = 0;
  for (const [other, row] of preferred.entries()) if (other !== first && has(set, other)) cost += at(row, first);
  return cost;
}

function has(set: number, item: number): boolean {
  return (set & (1 << item)) !== 0;
}

function without(set: number, item: number): number {
  return set & ~(1 << item);
}

function at(numbers: readonly number[], index: number): number {
  const value = numbers[index];
  if (value === undefined) throw new RangeError(`no number at ${index}`);
  return value;
}
