import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kemenyCandidatesMax, kemenyRanking } from "./kemeny.ts";
import { kendallDistance, type Ordering, preferences, type Vote } from "./ordering.ts";

const byIndex = (a: number, b: number) => a - b;

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) => permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}

/** Distance to a partial ordering: only its own pairs count. */
function distance(order: Ordering, votes: readonly Vote[]): number {
  return votes.flat().reduce((sum, ballot) => {
    const restricted = order.filter((item) => ballot.includes(item));
    return sum + kendallDistance(restricted, ballot);
  }, 0);
}

/** Partial ballots of up to six judges over `count` changes. */
function votesOver(count: number): fc.Arbitrary<Vote[]> {
  const items = Array.from({ length: count }, (_, item) => item);
  const vote = fc
    .shuffledSubarray(items, { minLength: Math.min(2, count) })
    .chain((order) => fc.shuffledSubarray(order, { minLength: order.length }).map((other): Vote => [order, other]));
  return fc.array(vote, { maxLength: 6 });
}

const cases = fc.integer({ min: 1, max: 6 }).chain((count) => fc.tuple(fc.constant(count), votesOver(count)));

describe("the Kemeny ranking", () => {
  test("is the nearest of all orders, and the first of the nearest in the order of ties", () => {
    fc.assert(
      fc.property(cases, ([count, votes]) => {
        const all = permutations(Array.from({ length: count }, (_, item) => item));
        const distances = all.map((order) => distance(order, votes));
        const least = Math.min(...distances);
        const nearest = all.filter((_, index) => distances[index] === least);
        const ranking = kemenyRanking(preferences(count, votes), byIndex);
        // `permutations` yields them sorted place by place.
        expect(ranking).toEqual({ order: nearest[0], distance: least, unique: nearest.length === 1 });
      }),
      { numRuns: 150 },
    );
  });

  test("begins with whoever beats each other one in more than half of the orderings", () => {
    let found = 0;
    fc.assert(
      fc.property(cases, ([count, votes]) => {
        const preferred = preferences(count, votes);
        const winner = preferred.findIndex((row, one) =>
          row.every((won, other) => other === one || won > (preferred[other]?.[one] ?? 0)),
        );
        if (winner === -1) return;
        found += 1;
        expect(kemenyRanking(preferred, (a, b) => b - a).order[0]).toBe(winner);
      }),
      { numRuns: 500 },
    );
    expect(found).toBeGreaterThan(20);
  });

  test("refuses more changes than it can rank exactly", () => {
    const many = kemenyCandidatesMax + 1;
    expect(() => kemenyRanking(preferences(many, []), byIndex)).toThrow("8 changes");
  });
});
