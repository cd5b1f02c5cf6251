import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bySize, nodesChanged } from "./minimality.ts";

const list = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });

/** The textbook's table. */
function editLength(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, one] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) {
      const least = one === other ? (row[j] ?? 0) : 1 + Math.min(row[j + 1] ?? 0, next[j] ?? 0);
      next.push(least);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe("the size of a change", () => {
  test("is the least number of nodes to remove and add", () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        expect(nodesChanged(before, after)).toBe(editLength(before, after));
      }),
    );
  });

  test("is an upper bound where everything is different", () => {
    const many = (word: string) => Array.from({ length: 3_000 }, (_, index) => `${word}${index}`);
    expect(nodesChanged(["x", ...many("a"), "y"], ["x", ...many("b"), "y"])).toBe(6_000);
  });

  test("goes by nodes, then by lines, then by files", () => {
    const size = (nodes: number, lines: number, files: number) => ({
      nodesChanged: nodes,
      linesChanged: lines,
      filesChanged: files,
    });
    const sorted = [size(1, 9, 9), size(2, 1, 9), size(2, 2, 1), size(2, 2, 2)];
    expect(sorted.toReversed().sort(bySize)).toEqual(sorted);
  });
});
