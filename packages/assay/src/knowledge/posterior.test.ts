import type { Lesson } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Records } from "./posterior.ts";

const nothing = { accepted: [], refused: [], survived: [], refuted: [], tried: {} };
const lesson = (more: Partial<Lesson>): Lesson => ({
  version: 1,
  at: 1,
  language: "python",
  category: "assertion",
  proposer: "search",
  wallMs: 1,
  costMicroUsd: 0,
  ...nothing,
  ...more,
});
const about = { language: "python", category: "assertion" as const, method: "arith" };
const weight = (method: string, ...lessons: Lesson[]) => new Records(lessons).weight({ ...about, method }, 0.5);

describe("the weight of a method", () => {
  test("is its seed at first, and as long as nothing was right", () => {
    expect(weight("arith")).toBe(0.5);
    expect(weight("arith", lesson({ tried: { arith: 10 } }))).toBe(0.5);
  });

  test("rises when few of its candidates were needed, and falls when many were tried in vain", () => {
    const seen = lesson({ tried: { arith: 10, donor: 500 }, accepted: ["arith"] });
    expect(weight("arith", seen)).toBeGreaterThan(0.5);
    expect(weight("donor", seen)).toBeLessThan(0.5);
    expect(weight("other", seen)).toBe(0.5);
    const survived = lesson({ tried: { arith: 10, donor: 500 }, survived: ["arith"] });
    expect(weight("arith", survived)).toBe(weight("arith", seen));
  });

  test("falls when many candidates were needed to be right once", () => {
    const seen = [
      lesson({ tried: { arith: 10, donor: 5000 }, accepted: ["arith"] }),
      lesson({ tried: { donor: 5000 }, accepted: ["donor"] }),
    ];
    expect(weight("donor", ...seen)).toBeLessThan(0.5);
    expect(weight("arith", ...seen)).toBeGreaterThan(0.5);
  });

  test("falls with what only seemed right", () => {
    const right = lesson({ tried: { cmp: 10 }, accepted: ["cmp"] });
    const wrong = lesson({ refused: ["arith", "arith"], refuted: ["arith"] });
    expect(weight("arith", right, wrong)).toBeLessThan(weight("arith", right));
  });

  test("learns less from other kinds of failure, and nothing from other languages", () => {
    const seen = { tried: { arith: 10, donor: 300 }, accepted: ["arith"] };
    const own = weight("arith", lesson(seen));
    const other = weight("arith", lesson({ ...seen, category: "type" }));
    expect(0.5 < other && other < own).toBe(true);
    expect(weight("arith", lesson({ ...seen, language: "go" }))).toBe(0.5);
  });

  test("stays within a quarter and four times its seed, whatever was seen", () => {
    const some = fc.array(fc.constantFrom("arith", "cmp"), { maxLength: 3 });
    const tried = fc.dictionary(fc.constantFrom("arith", "cmp", "donor"), fc.nat(5000));
    const lessons = fc.array(fc.record({ accepted: some, refused: some, survived: some, refuted: some, tried }));
    fc.assert(
      fc.property(lessons, fc.double({ min: 0.01, max: 1, noNaN: true }), (seen, seed) => {
        const found = new Records(seen.map(lesson)).weight(about, seed);
        expect(found >= seed / 4 - 1e-9 && found <= seed * 4 + 1e-9).toBe(true);
      }),
    );
  });
});
