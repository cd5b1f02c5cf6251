import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readOrder } from "./read-order.ts";

const letters = ["A", "B", "C"];
const order = { kind: "order", letters: ["B", "A", "C"] };

describe("an answer", () => {
  test("is read from JSON, YAML, a fenced block and a line of letters", () => {
    for (const text of [
      '{"order": ["B", "A", "C"], "abstain": ""}',
      '{"order":["B","A","C"]}',
      "order: [B, A, C]",
      "order:\n  - B\n  - A\n  - C\nabstain: null",
      'Here you are:\n\n```json\n{"order": ["B", "A", "C"]}\n```\nThat is all.',
      "B > A > C",
      " B, A, C\n",
      "B A C",
    ]) {
      expect(readOrder(text, letters), text).toEqual(order);
    }
  });

  test("may abstain", () => {
    expect(readOrder('{"order": [], "abstain": "they do the same"}', letters)).toEqual({
      kind: "abstained",
      reason: "they do the same",
    });
    expect(readOrder("abstain: true", letters).kind).toBe("abstained");
    expect(readOrder("Abstain.", letters).kind).toBe("abstained");
  });

  test("that is anything else cannot be used, and it is said why", () => {
    const cases: [string, RegExp][] = [
      ["", /empty/],
      ["B is best, then A, then C", /neither/],
      ["B A", /lacks C/],
      ["B A C A", /A twice/],
      ["B A C D", /no change "D"/],
      ["b a c", /neither/],
      ['{"order": ["B", "A", "C"], "abstain": "but"}', /as well/],
      ['{"order": []}', /no order/],
      ['{"order": ["B", "A", "C"], "score": 1}', /neither/],
      ['{"order": ["B", "A", "C"', /neither/],
      ["order: [B, A, C]\norder: [C, A, B]", /neither/],
      ["```\nB A C\n```\n```\nC A B\n```", /more than one/],
      [`a: &a [${"x,".repeat(9)}]\nb: [*a, *a]`, /neither/],
      ["[".repeat(15_000), /neither/],
      ["B ".repeat(20_000), /characters/],
    ];
    for (const [text, problem] of cases) {
      const read = readOrder(text, letters);
      expect(read.kind, text.slice(0, 60)).toBe("unusable");
      expect(read.kind === "unusable" && read.problem).toMatch(problem);
    }
  });

  test("never throws, and an order is always one of all letters", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.stringMatching(/^[A-C>, ]*$/)), (text) => {
        const read = readOrder(text, letters);
        if (read.kind === "order") expect(read.letters.toSorted()).toEqual(letters);
      }),
    );
  });
});
