import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { occurrencesOf } from "./occurrences.ts";

/** Each place looked at by itself. */
function lookedFor(text: string, wanted: string): number[] {
  return [...text].flatMap((_, at) => (wanted !== "" && text.startsWith(wanted, at) ? [at] : []));
}

/** Comparisons that finding takes. */
function comparisons(text: string, wanted: string): number {
  let count = 0;
  occurrencesOf(text, wanted, (a, b) => {
    count += 1;
    return a === b;
  });
  return count;
}

describe("occurrences", () => {
  test("are all places, overlapping ones too", () => {
    const few = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 30 });
    fc.assert(
      fc.property(few, few, (text, wanted) => {
        expect(occurrencesOf(text, wanted)).toEqual(lookedFor(text, wanted));
      }),
    );
  });

  test("are found in lists too", () => {
    expect(occurrencesOf(["a\n", "b\n", "a\n", "b\n"], ["a\n", "b\n"])).toEqual([0, 2]);
    expect(occurrencesOf([1, 2], [])).toEqual([]);
  });

  test("take comparisons in proportion to the text, also where everything is alike", () => {
    for (const size of [1_000, 2_000, 4_000, 8_000]) {
      const count = comparisons("a".repeat(size), `${"a".repeat(size / 2)}b`);
      expect(count).toBeLessThanOrEqual(4 * (size + size / 2));
    }
  });
});
