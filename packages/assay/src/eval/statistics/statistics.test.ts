import { describe, expect, test } from "vitest";
import { intervalOf } from "./interval.ts";
import { mcnemarExact } from "./mcnemar.ts";
import { passAtK } from "./pass-at-k.ts";

describe("passAtK", () => {
  test("is one minus the share of draws without a pass, counted out", () => {
    for (let n = 1; n <= 8; n += 1) {
      for (let c = 0; c <= n; c += 1) {
        for (let k = 1; k <= n; k += 1) {
          let draws = 0;
          let hits = 0;
          for (let mask = 0; mask < 2 ** n; mask += 1) {
            const drawn = Array.from({ length: n }, (_, i) => (mask >> i) & 1);
            if (drawn.reduce((sum, bit) => sum + bit, 0) !== k) continue;
            draws += 1;
            if (drawn.some((bit, i) => bit === 1 && i < c)) hits += 1;
          }
          expect(passAtK(n, c, k), `n ${n} c ${c} k ${k}`).toBeCloseTo(hits / draws, 12);
        }
      }
    }
  });

  test("stays a number for many samples", () => {
    expect(passAtK(10_000, 5_000, 100)).toBeCloseTo(1, 12);
  });

  test("refuses a k over n", () => {
    expect(() => passAtK(2, 1, 3)).toThrow(RangeError);
  });
});

describe("intervalOf", () => {
  test("is Wilson's for passes and failures, and has a width where all passed", () => {
    const all = intervalOf(Array.from({ length: 164 }, () => 1));
    expect(all).toMatchObject({ estimate: 1, method: "wilson" });
    expect(all?.high).toBeCloseTo(1, 12);
    expect(all?.low).toBeCloseTo(0.9771, 4);
    const some = intervalOf([...Array(7).fill(1), ...Array(3).fill(0)]);
    expect(some?.low).toBeCloseTo(0.3968, 4);
    expect(some?.high).toBeCloseTo(0.8922, 4);
  });

  test("is the normal approximation for shares", () => {
    const interval = intervalOf([0.5, 0.25, 1, 0]);
    expect(interval).toMatchObject({ estimate: 0.4375, method: "normal" });
    expect(interval?.halfWidth).toBeCloseTo((1.96 * 0.42696) / 2, 3);
  });

  test("says nothing of no values", () => {
    expect(intervalOf([])).toBeUndefined();
  });
});

describe("mcnemarExact", () => {
  test.each([
    [0, 0, 1],
    [6, 0, 0.03125],
    [1, 5, 0.21875],
    [10, 3, 0.09228515625],
    [5, 5, 1],
  ])("of %i and %i pairs is %f", (b, c, p) => {
    expect(mcnemarExact(b, c)).toBeCloseTo(p, 10);
    expect(mcnemarExact(c, b)).toBeCloseTo(p, 10);
  });

  test("stays a number for thousands of pairs", () => {
    expect(mcnemarExact(2_000, 2_000)).toBe(1);
    expect(mcnemarExact(3_000, 1_000)).toBeGreaterThanOrEqual(0);
    expect(mcnemarExact(3_000, 1_000)).toBeLessThan(1e-100);
  });
});
