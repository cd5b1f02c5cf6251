import { describe, expect, test } from "vitest";
import { executableLines } from "./executable-lines.ts";
import { mutantsOf, mutatedSource } from "./mutants.ts";

const content = `LIMIT = 3


def price(n):
    """Of n pieces."""
    if n > LIMIT and n != 7:
        return n * 2
    return n
`;
const target = (...lines: number[]) => ({ path: "price.py", content, lines: new Set(lines) });

describe("mutantsOf", () => {
  test("changes the given lines alone, each mutant once", () => {
    const { possible, mutants } = mutantsOf([target(6)], 1000);
    expect(possible).toBe(mutants.length);
    expect(mutants.length).toBeGreaterThan(5);
    expect(new Set(mutants.map(mutatedSource)).size).toBe(mutants.length);
    expect(new Set(mutants.map(({ line }) => line))).toEqual(new Set([6]));
    const before = content.split("\n");
    for (const mutant of mutants) expect(mutatedSource(mutant).split("\n").slice(0, 5)).toEqual(before.slice(0, 5));
  });

  test("knows comparisons, logic, arithmetic, constants and what is returned", () => {
    const texts = mutantsOf([target(1, 6, 7, 8)], 1000).mutants.map(mutatedSource);
    for (const fault of ["n >= LIMIT", "LIMIT or n", "n + 2", "LIMIT = 4", "n == 7"]) {
      expect(
        texts.some((text) => text.includes(fault)),
        fault,
      ).toBe(true);
    }
  });

  test("takes the same sample every time, and some of every line", () => {
    const one = mutantsOf([target(6, 7, 8)], 6);
    expect(one).toEqual(mutantsOf([target(6, 7, 8)], 6));
    expect(one.mutants).toHaveLength(6);
    expect(one.possible).toBeGreaterThan(6);
    expect(new Set(one.mutants.map(({ line }) => line))).toEqual(new Set([6, 7, 8]));
  });

  test("has none of what it cannot read", () => {
    expect(mutantsOf([{ ...target(6), path: "price.txt" }], 10)).toEqual({ possible: 0, mutants: [] });
    expect(mutantsOf([{ ...target(1), content: "def (" }], 10)).toEqual({ possible: 0, mutants: [] });
  });
});

describe("executableLines", () => {
  test("are those of statements that run when a function is called", () => {
    expect(executableLines("price.py", content)).toEqual(new Set([6, 7, 8]));
    expect(executableLines("a.ts", "const a = 1;\nexport function f() {\n  // no\n  return a;\n}\n")).toEqual(
      new Set([4]),
    );
    const strings = 'def f(x):\n    f"{run(x)}"\n    "nothing"\n    return x\n';
    expect(executableLines("a.py", strings)).toEqual(new Set([2, 4]));
    expect(executableLines("a.txt", "x")).toBeUndefined();
  });
});
