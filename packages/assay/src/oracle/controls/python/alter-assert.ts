import { parts, type SyntaxNode, type SyntaxTree, textOf } from "#syntax";
import { alterOneOf, doubled, elsewhere, inverted } from "../alter.ts";
import { leaves } from "../leaves.ts";
import type { Seeded } from "../seeded.ts";
import type { Alteration } from "../test-unit.ts";
import { alterException } from "./exceptions.ts";
import { unittestOpposites } from "./unittest-opposites.ts";

/** Where an assertion stands: `bindings` are loop variables with what a literal list gives them, one entry a round. */
export type AssertionContext = { tree: SyntaxTree; bindings: ReadonlyMap<string, readonly SyntaxNode[]> };

const opposites: Readonly<Record<string, string>> = {
  "==": "!=",
  "!=": "==",
  "<": ">=",
  ">=": "<",
  ">": "<=",
  "<=": ">",
  in: "not in",
  "not in": "in",
  is: "is not",
  "is not": "is",
};

/** The literals that an operand stands for. */
function literalsOf({ tree, bindings }: AssertionContext, operand: SyntaxNode | undefined): SyntaxNode[] {
  if (operand?.kind !== "identifier") return leaves(tree, operand);
  return (bindings.get(textOf(tree, operand)) ?? []).flatMap((node) => leaves(tree, node));
}

/** The expected side of an equality: the right one where both could be. */
function expectedOf(context: AssertionContext, sides: readonly SyntaxNode[]): SyntaxNode[] {
  return (
    [...sides]
      .reverse()
      .map((side) => literalsOf(context, side))
      .find((found) => found.length > 0) ?? []
  );
}

/** The condition of an `assert` statement. */
export function alterAssert(context: AssertionContext, condition: SyntaxNode, random: Seeded): Alteration[] {
  const { tree } = context;
  const sides = parts(condition);
  const [left, right] = sides;
  if (condition.kind === "comparison_operator" && sides.length === 2 && left !== undefined && right !== undefined) {
    const operator = tree.source.slice(left.end, right.start).trim();
    if (operator === "==" || operator === "is") {
      const altered = alterOneOf(tree, expectedOf(context, sides), random);
      if (altered.length > 0) return altered;
    }
    const opposite = opposites[operator.replace(/\s+/g, " ")];
    if (opposite !== undefined) {
      const inversion = inverted(left.end, right.start, ` ${opposite} `);
      if (operator === "==") return [...doubled(tree, right), ...inversion];
      return operator === "in" ? [...elsewhere(tree, left, random), ...inversion] : inversion;
    }
  }
  const text = textOf(tree, condition);
  if (condition.kind === "not_operator" && left !== undefined) {
    return inverted(condition.start, condition.end, textOf(tree, left));
  }
  const simple = ["call", "identifier", "attribute", "subscript", "parenthesized_expression"].includes(condition.kind);
  return inverted(condition.start, condition.end, simple ? `not ${text}` : `not (${text})`);
}

/** `self.assertEqual(…)` and its like, `numpy.testing.assert_equal(…)` and its like. */
export function alterCall(context: AssertionContext, call: SyntaxNode, random: Seeded): Alteration[] {
  const { tree } = context;
  const [callee, list] = parts(call);
  if (callee === undefined || list === undefined) return [];
  const name = textOf(tree, callee).split(".").at(-1) ?? "";
  if (/^assertRaises(?:Regex)?$|^raises$/.test(name)) return alterException(tree, call, random);
  const given = parts(list)
    .filter(({ kind }) => kind !== "keyword_argument")
    .slice(0, 2);
  const equality =
    /^assert(?:Almost|Count|List|Dict|Tuple|Set|MultiLine|Sequence)?Equals?$|^assert_(?:\w+_)?(?:equal|allclose)$/;
  if (equality.test(name)) {
    const altered = alterOneOf(tree, expectedOf(context, given), random);
    if (altered.length > 0) return altered;
  }
  const opposite = unittestOpposites[name];
  const [first, second] = given;
  const others =
    equality.test(name) && second !== undefined
      ? doubled(tree, second)
      : name === "assertIn" && first !== undefined
        ? elsewhere(tree, first, random)
        : [];
  if (opposite === undefined || !textOf(tree, callee).startsWith("self.")) return others;
  return [...others, ...inverted(callee.end - name.length, callee.end, opposite)];
}
