import { parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";
import type { Seeded } from "../seeded.ts";
import type { Alteration, Assertion, TestPart } from "../test-unit.ts";
import { alterAssertCall } from "./alter-assert.ts";
import { alterExpect, isExpect } from "./alter-expect.ts";
import { readTestCall } from "./find-tests.ts";

type Context = { tree: SyntaxTree; path: readonly string[]; always: boolean; into: Assertion[]; subtests: TestPart[] };

/** A subtest of node:test, by the context it is given. */
const subtest = /^\w+\.test$/;

/**
 * The assertions of a test, and of each subtest whose title is written out; those in branches are left out. `undefined` when
 * it has subtests whose names cannot be known.
 */
export function javaScriptParts(tree: SyntaxTree, callback: SyntaxNode): TestPart[] | undefined {
  const known = [...walk(callback)].flatMap((node) => readTestCall(tree, node, subtest) ?? []);
  const called = [...walk(callback)].filter(
    (node) => node.kind === "call_expression" && /^\w+\.(?:test|suite|it|describe)\s*\(/.test(textOf(tree, node)),
  );
  if (known.length !== called.length || known.some(({ title }) => title.kind !== "string")) return undefined;
  return partsOf(tree, callback, []);
}

function partsOf(tree: SyntaxTree, callback: SyntaxNode, path: readonly string[]): TestPart[] {
  const into: Assertion[] = [];
  const subtests: TestPart[] = [];
  const body = parts(callback).at(-1);
  const context: Context = { tree, path, always: true, into, subtests };
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
  const nested = readTestCall(tree, expression, subtest);
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
