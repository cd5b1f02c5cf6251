import { parts, type SyntaxNode, type SyntaxTree, textOf } from "#syntax";
import type { Seeded } from "../seeded.ts";
import { type Alteration, alterationsMax } from "../test-unit.ts";

/** None of them is a kind of another, or of the value and lookup errors that code derives its own exceptions from together. */
const apart = [
  "ValueError",
  "TypeError",
  "KeyError",
  "IndexError",
  "AttributeError",
  "ZeroDivisionError",
  "RuntimeError",
];
/** What is a kind of one of these, or has one as a kind, by the language's own hierarchy. */
const related: Readonly<Record<string, readonly string[]>> = {
  LookupError: ["KeyError", "IndexError"],
  ArithmeticError: ["ZeroDivisionError"],
  NotImplementedError: ["RuntimeError"],
  RecursionError: ["RuntimeError"],
  OverflowError: ["ZeroDivisionError"],
};
/** Any exception would do for these. */
const general = new Set(["Exception", "BaseException"]);

/** Expects another exception of `raises(X)`: what is really raised comes through and the copy fails. */
export function alterException(tree: SyntaxTree, call: SyntaxNode, random: Seeded): Alteration[] {
  const [, list] = parts(call);
  const [expected] = list === undefined ? [] : parts(list);
  if (expected?.kind !== "identifier" && expected?.kind !== "attribute") return [];
  const name = textOf(tree, expected);
  const own = !apart.includes(name) && !(name in related) && !general.has(name);
  // An exception of the project may be derived from any of the common ones; hardly from this.
  const others =
    own || general.has(name)
      ? ["ZeroDivisionError"]
      : apart.filter((one) => one !== name && !related[name]?.includes(one));
  return random
    .shuffled(others)
    .slice(0, alterationsMax)
    .map((text) => ({
      splice: { start: expected.start, end: expected.end, text },
      says: `expected exception ${name} → ${text}`,
    }));
}
