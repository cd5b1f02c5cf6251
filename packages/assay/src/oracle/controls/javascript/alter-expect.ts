import { parts, type SyntaxNode, type SyntaxTree, textOf } from "#syntax";
import { alterOneOf, doubled, elsewhere } from "../alter.ts";
import { leaves } from "../leaves.ts";
import type { Seeded } from "../seeded.ts";
import type { Alteration } from "../test-unit.ts";

/** Matchers that hold for one value of their argument only, those of chai among them. */
const equality =
  /^(?:toBe|toEqual|toStrictEqual|toHaveLength|toBeCloseTo|toHaveBeenCalledTimes|equal|equals|eql|eq|lengthOf|closeTo)$/;
const unchangeable = /snapshot/i;
const promised = new Set(["resolves", "rejects"]);

/** `expect(…)` with the properties after it, from the first to the last. */
type Chain = { root: SyntaxNode; properties: SyntaxNode[]; last: SyntaxNode | undefined };

export function isExpect(tree: SyntaxTree, expression: SyntaxNode): boolean {
  return chainOf(tree, expression) !== undefined;
}

function chainOf(tree: SyntaxTree, expression: SyntaxNode): Chain | undefined {
  const properties: SyntaxNode[] = [];
  let at: SyntaxNode | undefined = expression;
  const last = at.kind === "call_expression" ? parts(at)[1] : undefined;
  if (at.kind === "call_expression") [at] = parts(at);
  while (at?.kind === "member_expression") {
    const property: SyntaxNode | undefined = parts(at).at(-1);
    if (property === undefined) return undefined;
    properties.unshift(property);
    [at] = parts(at);
  }
  if (at?.kind !== "call_expression" || properties.length === 0) return undefined;
  const [callee] = parts(at);
  const called = callee === undefined ? "" : textOf(tree, callee);
  return called === "expect" || called === "expect.soft" ? { root: at, properties, last } : undefined;
}

/** Expects another value, or the opposite. */
export function alterExpect(tree: SyntaxTree, expression: SyntaxNode, random: Seeded): Alteration[] {
  const chain = chainOf(tree, expression);
  if (chain === undefined) return [];
  const { root, properties, last } = chain;
  const names = properties.map((property) => textOf(tree, property));
  const matcher = names.at(-1) ?? "";
  if (unchangeable.test(matcher)) return [];
  const not = names.indexOf("not");
  const negative = properties[not];
  if (negative !== undefined) {
    // With its dot.
    const start = (properties[not - 1] ?? root).end;
    return [{ splice: { start, end: negative.end, text: "" }, says: "assertion inverted" }];
  }
  const [expected] = last === undefined ? [] : parts(last);
  if (equality.test(matcher)) {
    const altered = alterOneOf(tree, leaves(tree, expected), random);
    if (altered.length > 0) return altered;
  }
  const others =
    expected === undefined
      ? []
      : equality.test(matcher)
        ? doubled(tree, expected)
        : /^(?:toContain|contain|includes?)$/.test(matcher)
          ? elsewhere(tree, expected, random)
          : [];
  const after = properties.findLast((property) => promised.has(textOf(tree, property))) ?? root;
  return [...others, { splice: { start: after.end, end: after.end, text: ".not" }, says: "assertion inverted" }];
}
