import { parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";
import type { Seeded } from "../seeded.ts";
import type { Alteration, Assertion, TestPart } from "../test-unit.ts";
import { alterAssertCall } from "./alter-assert.ts";
import { alterExpect, isExpect } from "./alter-expect.ts";
import { readTestCall } from "./find-tests.ts";

type Context = {
  tree: SyntaxTree;
  path: readonly string[];
  always: boolean;
  into: Assertion[];
  subtests: TestPart[];
  /** How a subtest of this test is called. */
  subtest: RegExp | undefined;
};

/**
 * The assertions of a test, and of each subtest of node:test whose title is written out; those in branches are left out.
 * `undefined` when it has subtests whose names cannot be known.
 */
export function javaScriptParts(tree: SyntaxTree, callback: SyntaxNode): TestPart[] | undefined {
  return areSubtestsKnown(tree, callback) ? partsOf(tree, callback, []) : undefined;
}

/** How a subtest is called by the context that a test is given; `undefined` where it takes none. */
function subtestCallee(tree: SyntaxTree, callback: SyntaxNode): RegExp | undefined {
  const text = textOf(tree, callback);
  const [, context] = /^(?:async\s*)?(?:function\s*\w*\s*)?\(?\s*(\w+)\s*(?::[^,)]*)?[,)=]/.exec(text) ?? [];
  return context === undefined ? undefined : new RegExp(`^${context}\\.test$`);
}

function areSubtestsKnown(tree: SyntaxTree, callback: SyntaxNode): boolean {
  const callee = subtestCallee(tree, callback);
  if (callee === undefined) return true;
  const calls = [...walk(callback)].filter(({ kind, children: [called] }) => {
    return kind === "call_expression" && called !== undefined && callee.test(textOf(tree, called));
  });
  return calls.every((call) => {
    const read = readTestCall(tree, call, callee);
    return read?.title.kind === "string" && isAlways(call, callback) && areSubtestsKnown(tree, read.callback);
  });
}

/** A statement of the callback's own body. */
function isAlways(call: SyntaxNode, callback: SyntaxNode): boolean {
  const statement = call.parent?.kind === "await_expression" ? call.parent.parent : call.parent;
  return statement?.kind === "expression_statement" && statement.parent?.parent === callback;
}

function partsOf(tree: SyntaxTree, callback: SyntaxNode, path: readonly string[]): TestPart[] {
  const into: Assertion[] = [];
  const subtests: TestPart[] = [];
  const body = parts(callback).at(-1);
  const context: Context = { tree, path, always: true, into, subtests, subtest: subtestCallee(tree, callback) };
  if (body?.kind === "statement_block") visitBlock(context, body);
  else if (body !== undefined) visitExpression(context, body);
  return [{ path, assertions: into }, ...subtests];
}

function visitBlock(context: Context, block: SyntaxNode): void {
  for (const statement of parts(block)) {
    visit(context, statement);
    if (statement.kind === "return_statement") return;
  }
}

function visit(context: Context, statement: SyntaxNode): void {
  const [first] = parts(statement);
  switch (statement.kind) {
    case "expression_statement":
    case "return_statement":
      if (first !== undefined) visitExpression(context, first);
      return;
    case "statement_block":
      visitBlock(context, statement);
      return;
    case "try_statement":
      // What throws in it may be caught.
      if (statement.children.some(({ kind }) => kind === "catch_clause")) return;
      if (first !== undefined) visit(context, first);
      return;
    case "for_in_statement":
    case "for_statement": {
      const body = parts(statement).at(-1);
      // Whether a loop is entered at all, the text does not tell.
      if (body !== undefined) visit({ ...context, always: false }, body);
      return;
    }
  }
}

function visitExpression(context: Context, expression: SyntaxNode): void {
  const { tree, path, always, into, subtests } = context;
  if (expression.kind === "await_expression") {
    const [awaited] = parts(expression);
    if (awaited !== undefined) visitExpression(context, awaited);
    return;
  }
  const nested = context.subtest === undefined ? undefined : readTestCall(tree, expression, context.subtest);
  if (nested !== undefined) {
    subtests.push(...partsOf(tree, nested.callback, [...path, textOf(tree, nested.title).slice(1, -1)]));
    return;
  }
  const add = (alter: (random: Seeded) => Alteration[]) => into.push({ always, alter });
  if (isExpect(tree, expression)) add((random) => alterExpect(tree, expression, random));
  else if (expression.kind === "call_expression") {
    const each = eachCallback(tree, expression);
    if (each?.kind === "statement_block") visitBlock({ ...context, always: false }, each);
    else if (each !== undefined) visitExpression({ ...context, always: false }, each);
    else add((random) => alterAssertCall(tree, expression, random));
  }
}

function eachCallback(tree: SyntaxTree, call: SyntaxNode): SyntaxNode | undefined {
  const [callee, list] = parts(call);
  if (callee === undefined || list === undefined || !textOf(tree, callee).endsWith(".forEach")) return undefined;
  const callback = parts(list)[0];
  return callback === undefined ? undefined : parts(callback).at(-1);
}
