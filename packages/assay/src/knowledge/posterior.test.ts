import type { Lesson } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Records, seedStrength } from "./posterior.ts";

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

describe("the chance of a method", () => {
  test("is its seed at first, and rises and falls with what was seen", () => {
    const chance = (...lessons: Lesson[]) => new Records(lessons).chance(about, 0.5);
    expect(chance()).toBe(0.5);
    expect(chance(lesson({ accepted: ["arith"] }))).toBeCloseTo((0.5 * seedStrength + 1) / (seedStrength + 1));
    expect(chance(lesson({ survived: ["arith"] }))).toBeGreaterThan(0.5);
    expect(chance(lesson({ refused: ["arith"] }))).toBeLessThan(0.5);
    expect(chance(lesson({ refuted: ["arith"] }))).toBe(chance(lesson({ refused: ["arith"] })));
  });

  test("falls a little when it was tried in vain, not when it was right", () => {
    const vain = new Records([lesson({ tried: { arith: 40, cmp: 3 }, accepted: ["cmp"] })]);
    expect(vain.chance(about, 0.5)).toBeLessThan(0.5);
    expect(vain.chance(about, 0.5)).toBeGreaterThan(0.49);
    expect(vain.of({ ...about, method: "cmp" })).toEqual({ right: 1, wrong: 0 });
  });

  test("learns less from other kinds of failure, and nothing from other languages", () => {
    const own = new Records([lesson({ accepted: ["arith"] })]).chance(about, 0.5);
    const other = new Records([lesson({ category: "type", accepted: ["arith"] })]).chance(about, 0.5);
    expect(0.5 < other && other < own).toBe(true);
    expect(new Records([lesson({ language: "go", accepted: ["arith"] })]).chance(about, 0.5)).toBe(0.5);
  });

  test("is a chance, whatever was seen", () => {
    const some = fc.array(fc.constantFrom("arith", "cmp"), { maxLength: 3 });
    const lessons = fc.array(fc.record({ accepted: some, refused: some, survived: some, refuted: some }));
    fc.assert(
      fc.property(lessons, fc.double({ min: 0.01, max: 1, noNaN: true }), (seen, seed) => {
        const chance = new Records(seen.map(lesson)).chance(about, seed);
        expect(chance > 0 && chance < 1).toBe(true);
      }),
    );
  });
});
