import { parts, type SyntaxNode, type SyntaxTree, textOf } from "#syntax";
import { alterOneOf, doubled, inverted } from "../alter.ts";
import { leaves } from "../leaves.ts";
import type { Seeded } from "../seeded.ts";
import type { Alteration } from "../test-unit.ts";

const equalities = new Set(["equal", "strictEqual", "deepEqual", "deepStrictEqual"]);
const pairs = [
  ["equal", "notEqual"],
  ["strictEqual", "notStrictEqual"],
  ["deepEqual", "notDeepEqual"],
  ["deepStrictEqual", "notDeepStrictEqual"],
  ["throws", "doesNotThrow"],
  ["rejects", "doesNotReject"],
  ["match", "doesNotMatch"],
  ["isTrue", "isFalse"],
  ["isNull", "isNotNull"],
] as const;
const opposites: Readonly<Record<string, string>> = Object.fromEntries(
  pairs.flatMap(([one, other]) => [
    [one, other],
    [other, one],
  ]),
);
const operators: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "==": "!=",
  "!=": "==",
  "<": ">=",
  ">=": "<",
  ">": "<=",
  "<=": ">",
};

/** `assert.equal(…)`, `assert(…)`, and imported by themselves, as node:assert and chai have them. */
export function alterAssertCall(tree: SyntaxTree, call: SyntaxNode, random: Seeded): Alteration[] {
  const [callee, list] = parts(call);
  if (callee === undefined || list?.kind !== "arguments") return [];
  const match = /^(?:(?<object>(?:\w+\.)?assert(?:\.strict)?)\.)?(?<name>\w+)$/.exec(textOf(tree, callee));
  const { object, name = "" } = match?.groups ?? {};
  const given = parts(list);
  if (equalities.has(name)) {
    const sides = given.slice(0, 2).reverse();
    const expected = sides.map((side) => leaves(tree, side)).find((found) => found.length > 0);
    const altered = alterOneOf(tree, expected ?? [], random);
    if (altered.length > 0) return altered;
  }
  const others = equalities.has(name) && given[1] !== undefined ? doubled(tree, given[1]) : [];
  const [condition] = given;
  const isTruth = name === "ok" || (object === undefined && name === "assert");
  if (isTruth && condition !== undefined) return alterCondition(tree, condition, random);
  const opposite = opposites[name];
  // Imported by itself, its opposite perhaps is not.
  if (opposite === undefined || object === undefined) return others;
  return [...others, ...inverted(callee.end - name.length, callee.end, opposite)];
}

function alterCondition(tree: SyntaxTree, condition: SyntaxNode, random: Seeded): Alteration[] {
  const [left, right] = parts(condition);
  if (condition.kind === "binary_expression" && left !== undefined && right !== undefined) {
    const operator = tree.source.slice(left.end, right.start).trim();
    if (operator === "===" || operator === "==") {
      const expected = [right, left].map((side) => leaves(tree, side)).find((found) => found.length > 0);
      const altered = alterOneOf(tree, expected ?? [], random);
      if (altered.length > 0) return altered;
    }
    const opposite = operators[operator];
    if (opposite !== undefined) return inverted(left.end, right.start, ` ${opposite} `);
  }
  const text = textOf(tree, condition);
  if (condition.kind === "unary_expression" && text.startsWith("!") && left !== undefined) {
    return inverted(condition.start, condition.end, textOf(tree, left));
  }
  const simple = ["call_expression", "identifier", "member_expression", "subscript_expression"].includes(
    condition.kind,
  );
  return inverted(condition.start, condition.end, simple ? `!${text}` : `!(${text})`);
}
