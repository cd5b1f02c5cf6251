import { parts, type SyntaxNode, type SyntaxTree, textOf } from "#syntax";
import type { OtherPart, TestSource, TestUnit } from "./read-tests.ts";

const testCall = /^(?:test|it|xit|xtest|fit|specify)(?![\w$])/;
const groupCall = /^(?:describe|suite|context|xdescribe|fdescribe)(?![\w$])/;

/** Calls of `test`, `it`, `describe` and their like, with what hangs on them (`.skip`, `.each`): node:test, vitest and jest. */
export function readJavaScriptTests(tree: SyntaxTree): TestSource {
  const tests: TestUnit[] = [];
  const others: OtherPart[] = [];
  read(tree.root, "");
  return { tree, tests, others };

  function read(container: SyntaxNode, group: string): void {
    for (const node of parts(container)) {
      const call = callOf(node);
      const callee = call === undefined ? "" : textOf(tree, parts(call)[0] as SyntaxNode);
      const given = call?.children.find(({ kind }) => kind === "arguments");
      if (call === undefined || given === undefined || !(testCall.test(callee) || groupCall.test(callee))) {
        others.push({ group, line: node.line, node });
        continue;
      }
      const [title] = parts(given);
      const body = bodyOf(given);
      const literal = title?.kind === "string" ? textOf(tree, title).slice(1, -1) : undefined;
      const shown = literal ?? (title === undefined ? "" : textOf(tree, title));
      const name = group === "" ? shown : `${group} > ${shown}`;
      const header = tree.source.slice(node.start, body?.start ?? node.end);
      const several = literal === undefined || /\.(?:each|for)\b/.test(callee) || /[%$`]/.test(literal);
      if (testCall.test(callee) || body === undefined) {
        tests.push({ name, line: node.line, node, header, several });
      } else {
        const outside = { ...node, children: without(node, body), end: body.start };
        others.push({ group: name, line: node.line, node: outside });
        read(body, name);
      }
    }
  }
}

/** The call that a statement consists of, with or without `await`. */
function callOf(statement: SyntaxNode): SyntaxNode | undefined {
  if (statement.kind !== "expression_statement") return undefined;
  const [expression] = parts(statement);
  const inner = expression?.shape === "await" ? parts(expression)[0] : expression;
  return inner?.kind === "call_expression" ? inner : undefined;
}

/** The body of the function given last. */
function bodyOf(given: SyntaxNode): SyntaxNode | undefined {
  const last = parts(given).findLast(({ shape }) => shape === "lambda" || shape === "function");
  return last?.children.find(({ kind }) => kind === "statement_block");
}

function without(node: SyntaxNode, removed: SyntaxNode): SyntaxNode[] {
  return node.children.flatMap((child) => {
    if (child === removed) return [];
    return child.end >= removed.end && child.start <= removed.start
      ? [{ ...child, children: without(child, removed) }]
      : [child];
  });
}
