import type { Vote } from "./ordering.ts";

/** Of a change that nobody ranked: nothing speaks for or against it. */
const unranked = 0.5;

/** Sums of fractions depend on their order in the last digits, and equal points must be equal. */
const precision = 1e9;

/**
 * Borda points of each change, 0 to 1: the share of the others that it was put before, as the mean over the orderings that have it.
 * The mean, not the sum: judges that may not rank a change must not count against it. (Borda 1781.)
 */
export function bordaPoints(count: number, votes: readonly Vote[]): number[] {
  const points = new Array<number>(count).fill(0);
  const times = new Array<number>(count).fill(0);
  for (const ordering of votes.flat()) {
    for (const [place, item] of ordering.entries()) {
      points[item] = (points[item] ?? 0) + (ordering.length - 1 - place) / (ordering.length - 1);
      times[item] = (times[item] ?? 0) + 1;
    }
  }
  return points.map((sum, item) => {
    const seen = times[item] ?? 0;
    return seen === 0 ? unranked : Math.round((sum / seen) * precision) / precision;
  });
}
