import { parts, type SyntaxNode, type SyntaxTree, textOf } from "#syntax";
import { alterOneOf, doubled, elsewhere, inverted } from "../alter.ts";
import { leaves } from "../leaves.ts";
import type { Seeded } from "../seeded.ts";
import type { Alteration, Assertion } from "../test-unit.ts";
import { alterException } from "./exceptions.ts";
import { unittestOpposites } from "./unittest-opposites.ts";

/** Loop variables with what a literal list gives them, one entry a round. */
type Bindings = ReadonlyMap<string, readonly SyntaxNode[]>;
type Context = { tree: SyntaxTree; always: boolean; bindings: Bindings; found: Assertion[] };

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

/** The assertions of a test's body that are sure, or likely, to be executed: those in branches are left out. */
export function pythonAssertions(tree: SyntaxTree, body: SyntaxNode): Assertion[] {
  const context: Context = { tree, always: true, bindings: new Map(), found: [] };
  visitBlock(context, body);
  return context.found;
}

function visitBlock(context: Context, block: SyntaxNode): void {
  for (const statement of parts(block)) {
    if (statement.kind === "return_statement") return;
    visit(context, statement);
  }
}

function visit(context: Context, statement: SyntaxNode): void {
  const { tree, found, always } = context;
  const add = (alter: (random: Seeded) => Alteration[]) => found.push({ always, alter });
  const [first] = parts(statement);
  switch (statement.kind) {
    case "assert_statement":
      if (first !== undefined) add((random) => alterAssert(context, first, random));
      return;
    case "expression_statement": {
      const call = first?.kind === "await" ? parts(first)[0] : first;
      if (call?.kind === "call") add((random) => alterCall(context, call, random));
      return;
    }
    case "with_statement": {
      const items = parts(first ?? statement).filter(({ kind }) => kind === "with_item");
      const raising = items.flatMap((item) => raisesCall(tree, item));
      for (const call of raising) add((random) => alterException(tree, call, random));
      const body = statement.children.find(({ kind }) => kind === "block");
      // What comes after the statement that raises is never executed.
      if (raising.length === 0 && body !== undefined) visitBlock(context, body);
      return;
    }
    case "try_statement":
      // What is raised in it may be caught.
      if (statement.children.some(({ kind }) => kind.startsWith("except"))) return;
      if (first?.kind === "block") visitBlock(context, first);
      return;
    case "for_statement": {
      const [pattern, iterable] = parts(statement);
      const body = statement.children.find(({ kind }) => kind === "block");
      if (pattern === undefined || iterable === undefined || body === undefined) return;
      const rounds = iterable.kind === "list" || iterable.kind === "tuple" ? parts(iterable) : [];
      const bindings = new Map([...context.bindings, ...bind(tree, pattern, rounds)]);
      visitBlock({ ...context, always: always && rounds.length > 0, bindings }, body);
      return;
    }
  }
}

function raisesCall(tree: SyntaxTree, item: SyntaxNode): SyntaxNode[] {
  const [context] = parts(item);
  const call = context?.kind === "as_pattern" ? parts(context)[0] : context;
  if (call?.kind !== "call") return [];
  return /(?:^|\.)(?:raises|assertRaises|assertRaisesRegex|suppress)$/.test(calleeOf(tree, call)) ? [call] : [];
}

function bind(tree: SyntaxTree, pattern: SyntaxNode, rounds: readonly SyntaxNode[]): [string, SyntaxNode[]][] {
  if (pattern.kind === "identifier") return [[textOf(tree, pattern), [...rounds]]];
  return parts(pattern).map((name, index) => [
    textOf(tree, name),
    rounds.flatMap((round) =>
      round.kind === "tuple" || round.kind === "list" ? parts(round).slice(index, index + 1) : [],
    ),
  ]);
}

function calleeOf(tree: SyntaxTree, call: SyntaxNode): string {
  const [callee] = parts(call);
  return callee === undefined ? "" : textOf(tree, callee);
}

/** The literals that an operand stands for. */
function literalsOf({ tree, bindings }: Context, operand: SyntaxNode | undefined): SyntaxNode[] {
  if (operand?.kind !== "identifier") return leaves(tree, operand);
  return (bindings.get(textOf(tree, operand)) ?? []).flatMap((node) => leaves(tree, node));
}

/** The expected side of an equality: the right one where both could be. */
function expectedOf(context: Context, sides: readonly SyntaxNode[]): SyntaxNode[] {
  return (
    [...sides]
      .reverse()
      .map((side) => literalsOf(context, side))
      .find((found) => found.length > 0) ?? []
  );
}

function alterAssert(context: Context, condition: SyntaxNode, random: Seeded): Alteration[] {
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
function alterCall(context: Context, call: SyntaxNode, random: Seeded): Alteration[] {
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
