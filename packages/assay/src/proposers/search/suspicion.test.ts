import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ochiai } from "./ochiai.ts";
import { scoreAt, suspicionByCoverage, suspicionByFrames } from "./suspicion.ts";

const place = (line: number) => ({ line, statementLine: line, atLoad: false });
const failureAt = (file: string, ...lines: number[]) => ({
  category: "assertion" as const,
  tests: [],
  failure: { type: "E", message: "", frames: lines.map((line) => ({ file, line })) },
  environment: false,
  fixability: { score: 1, reasons: [] },
  suggestedMethod: "update" as const,
});

describe("ochiai", () => {
  it("gives 1 to a line that all failing tests and no other executed", () => {
    const coverage = { a: { f: [1, 2] }, b: { f: [1, 2] }, c: { f: [1, 3] } };
    const scores = ochiai(coverage, new Set(["a", "b"]), new Set(["c"]), new Set(["f"])).get("f");
    expect(scores?.get(2)).toBe(1);
    expect(scores?.get(1)).toBeCloseTo(2 / Math.sqrt(2 * 3));
    expect(scores?.has(3)).toBe(false);
  });

  it("stays between 0 and 1", () => {
    const lines = fc.array(fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), lines), { minLength: 1 }), (tests) => {
        const coverage = Object.fromEntries(
          tests.map(([, covered], index) => [`t${index}`, { f: [...new Set(covered)] }]),
        );
        const ids = (failed: boolean) =>
          new Set(tests.flatMap(([bad], index) => (bad === failed ? [`t${index}`] : [])));
        const scores = ochiai(coverage, ids(true), ids(false), new Set(["f"]));
        for (const score of scores.get("f")?.values() ?? []) expect(score > 0 && score <= 1.0000001).toBe(true);
      }),
    );
  });
});

describe("suspicion", () => {
  it("prefers the innermost frame among lines that tests cannot tell apart", () => {
    const scores = new Map([
      [
        "f",
        new Map([
          [1, 0.5],
          [2, 0.5],
          [3, 0.5],
        ]),
      ],
    ]);
    const suspicion = suspicionByCoverage(scores, [failureAt("f", 3, 2)]);
    const [first, second, third] = [3, 2, 1].map((line) => scoreAt(suspicion, "f", place(line), false));
    expect(first).toBeGreaterThan(second ?? 0);
    expect(second).toBeGreaterThan(third ?? 0);
  });

  it("gives an insertion beside a suspected line 0.7 of its score", () => {
    const suspicion = suspicionByCoverage(new Map([["f", new Map([[4, 1]])]]), []);
    expect(scoreAt(suspicion, "f", place(5), true)).toBeCloseTo(0.7);
    expect(scoreAt(suspicion, "f", place(5), false)).toBe(0);
  });

  it("falls back to frames, then to what the tests import, then to everything alike", () => {
    const suspicion = suspicionByFrames([failureAt("a.py", 10)], ["a.py", "b.py", "c.py"], ["b.py"]);
    const at = (file: string, line: number) => scoreAt(suspicion, file, place(line), false);
    expect(at("a.py", 10)).toBeGreaterThan(at("a.py", 15));
    expect(at("a.py", 15)).toBeGreaterThan(at("b.py", 15));
    expect(at("c.py", 1)).toBe(0);
    const blind = suspicionByFrames([], ["a.py", "b.py"], []);
    expect(scoreAt(blind, "a.py", place(1), false)).toBe(scoreAt(blind, "b.py", place(9), false));
  });
});
