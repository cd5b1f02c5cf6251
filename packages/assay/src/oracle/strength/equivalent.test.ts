import { describe, expect, test } from "vitest";
import { applyReplacement, generateReplacements, languageOf, parseSource } from "#syntax";
import { Equivalence } from "./equivalent.ts";

const indent = (text: string) => text.replace(/^/gm, "    ");
const python = (body: string) => `def f(a, b):\n${indent(body)}\n`;
const javascript = (body: string) => `function f(a, b) {\n${indent(body)}\n}\n`;

/** Whether the fault that makes `to` of `from` is taken for none. */
function isNone(file: string, from: string, to: string): boolean {
  const language = languageOf(file);
  const parsed = language && parseSource(language, from);
  if (parsed?.kind !== "parsed") throw new Error("does not parse");
  const edit = [...generateReplacements(parsed.tree, file)].find((one) => applyReplacement(from, one) === to);
  if (edit === undefined) throw new Error(`no edit makes of\n${from}this:\n${to}`);
  return new Equivalence(parsed.tree).meansTheSame(edit);
}

describe("faults that are none", () => {
  test.each([
    ["if len(a) > 0:\n    return b", "if len(a) != 0:\n    return b", true],
    ["if len(a) == 0:\n    return b", "if len(a) <= 0:\n    return b", true],
    ["if 0 < len(a):\n    return b", "if 0 != len(a):\n    return b", true],
    ["if len(a) > 0:\n    return b", "if len(a) >= 0:\n    return b", false],
    ["if len(a) > 1:\n    return b", "if len(a) != 1:\n    return b", false],
    ["if a > 0:\n    return b", "if a != 0:\n    return b", false],
    ["return a + 0", "return a - 0", false],
    ["return a + 1", "return a - 1", false],
    ["return a * 1", "return a ** 1", false],
    ["return a * 2", "return a ** 2", false],
    ["return b\na = a + 2", "return b\na = a - 2", true],
    ["if a:\n    return b\na = a + 2\nreturn a", "if a:\n    return b\na = a - 2\nreturn a", false],
    ["for x in a:\n    b(x)\n    continue", "for x in a:\n    b(x)", true],
    ["if a:\n    yield\nb()", "if a:\n    pass\nb()", false],
    ["try:\n    unicode\nexcept NameError:\n    return b", "try:\n    pass\nexcept NameError:\n    return b", false],
    ["return b\nyield a", "return b", false],
    ["for x in a:\n    continue\n    b(x)", "for x in a:\n    b(x)", false],
  ])("in Python: %j to %j: %s", (from, to, none) => {
    expect(isNone("a.py", python(from), python(to))).toBe(none);
  });

  test.each([
    ["if (a.length > 0) return b;", "if (a.length !== 0) return b;", false],
    ["if (a.size === 0) return b;", "if (a.size <= 0) return b;", false],
    ["if (a.length > 0) return b;", "if (a.length >= 0) return b;", false],
    ["throw a;\nb += 2;", "throw a;\nb -= 2;", true],
    ["if (a && a) return b;", "if (a || a) return b;", true],
    ["if (a && b) return b;", "if (a || b) return b;", false],
  ])("in JavaScript: %j to %j: %s", (from, to, none) => {
    expect(isNone("a.mjs", javascript(from), javascript(to))).toBe(none);
  });
});
