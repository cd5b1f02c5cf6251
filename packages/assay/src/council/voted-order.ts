import { bordaPoints } from "./borda.ts";
import { kemenyCandidatesMax, kemenyRanking } from "./kemeny.ts";
import { type Ordering, preferences, type Vote } from "./ordering.ts";

/** `unique`: no other order is as near to the ballots. */
export type VotedOrder = { order: Ordering; method: "kemeny" | "borda"; unique: boolean };

/**
 * The order that ballots make together: Kemeny's, or by Borda points where there are too many changes for it. Ties go to more Borda
 * points, then to the lesser index.
 */
export function votedOrder(count: number, votes: readonly Vote[]): VotedOrder {
  const points = bordaPoints(count, votes);
  const prefer = (a: number, b: number) => (points[b] ?? 0) - (points[a] ?? 0) || a - b;
  if (count <= kemenyCandidatesMax) {
    const { order, unique } = kemenyRanking(preferences(count, votes), prefer);
    return { order, method: "kemeny", unique };
  }
  const order = Array.from({ length: count }, (_, item) => item).sort(prefer);
  return { order, method: "borda", unique: new Set(points).size === count };
}
