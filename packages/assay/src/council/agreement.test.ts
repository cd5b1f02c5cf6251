import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agreementOf } from "./agreement.ts";
import { bordaPoints } from "./borda.ts";
import { kendallTau, type Vote } from "./ordering.ts";

const sure = (...order: number[]): Vote => [order, order];

/** Kendall's W by its own formula, from the sums of ranks. */
function concordance(orders: readonly number[][]): number {
  const count = orders[0]?.length ?? 0;
  const sums = Array.from({ length: count }, (_, item) =>
    orders.reduce((sum, order) => sum + order.indexOf(item) + 1, 0),
  );
  const mean = (orders.length * (count + 1)) / 2;
  const spread = sums.reduce((total, sum) => total + (sum - mean) ** 2, 0);
  return (12 * spread) / (orders.length ** 2 * (count ** 3 - count));
}

describe("agreement", () => {
  test("is Kendall's W on complete ballots without ties", () => {
    const orders = fc.integer({ min: 2, max: 7 }).chain((count) =>
      fc.array(
        fc.shuffledSubarray(
          Array.from({ length: count }, (_, item) => item),
          { minLength: count },
        ),
        { minLength: 2, maxLength: 7 },
      ),
    );
    fc.assert(
      fc.property(orders, (given) => {
        expect(agreementOf(given.map((order) => sure(...order)))).toBeCloseTo(concordance(given), 9);
      }),
    );
  });

  test("is 1 of judges who say the same, and 0 of two who say the reverse", () => {
    expect(agreementOf([sure(0, 1, 2), sure(0, 1, 2), sure(0, 2)])).toBe(1);
    expect(agreementOf([sure(0, 1, 2), sure(2, 1, 0)])).toBe(0);
  });

  test("is not known where no two judges ranked the same two changes", () => {
    expect(agreementOf([])).toBeUndefined();
    expect(agreementOf([sure(0, 1)])).toBeUndefined();
    expect(agreementOf([sure(0, 1), sure(1, 2), sure(0, 2)])).toBeUndefined();
  });

  test("does not depend on the order of the judges", () => {
    const votes: Vote[] = [
      sure(0, 1, 2, 3),
      sure(1, 0, 3),
      [
        [0, 1, 2, 3],
        [1, 0, 2, 3],
      ],
      sure(3, 1),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(votes, { minLength: 4 }), (shuffled) => {
        expect(agreementOf(shuffled)).toBe(agreementOf(votes));
      }),
    );
  });
});

describe("Borda points", () => {
  test("are the mean share of the others that a change was put before", () => {
    expect(bordaPoints(4, [sure(0, 1, 2), sure(1, 0)])).toEqual([0.5, 0.75, 0, 0.5]);
  });
});

describe("Kendall's tau", () => {
  test("is 1 for the same order, -1 for the reverse, and less by each pair that is turned round", () => {
    expect(kendallTau([0, 1, 2], [0, 1, 2])).toBe(1);
    expect(kendallTau([0, 1, 2], [2, 1, 0])).toBe(-1);
    expect(kendallTau([0, 1, 2, 3], [0, 2, 1, 3])).toBeCloseTo(2 / 3);
  });
});
