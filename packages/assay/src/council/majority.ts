import type { Ordering, Vote } from "./ordering.ts";

/** So many judges put the first change before its rival, and they are too few; by index. */
export type Shortfall = { first: number; rival: number; judges: number };

/**
 * The rival that too few judges put behind the first of an order: it takes more than half of all judges, those that abstain or may not
 * compare the two included. Rivals are all others where `overAll`, else only the smallest change, at index 0. A judge of two minds
 * counts for neither.
 */
export function shortOfMajority(
  [first, ...others]: Ordering,
  votes: readonly Vote[],
  judgesAll: number,
  overAll: boolean,
): Shortfall | undefined {
  if (first === undefined) return undefined;
  for (const rival of overAll ? others : others.filter((item) => item === 0)) {
    const judges = votes.filter((vote) => vote.every((ordering) => isBefore(ordering, first, rival))).length;
    if (2 * judges <= judgesAll) return { first, rival, judges };
  }
  return undefined;
}

function isBefore(ordering: Ordering, first: number, other: number): boolean {
  const place = ordering.indexOf(first);
  return place !== -1 && place < ordering.indexOf(other);
}
