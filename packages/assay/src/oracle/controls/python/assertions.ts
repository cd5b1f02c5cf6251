import { parts, type SyntaxNode, type SyntaxTree, textOf } from "#syntax";
import type { Seeded } from "../seeded.ts";
import type { Alteration, Assertion } from "../test-unit.ts";
import { type AssertionContext, alterAssert, alterCall } from "./alter-assert.ts";
import { alterException } from "./exceptions.ts";

type Context = AssertionContext & { always: boolean; found: Assertion[] };

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
