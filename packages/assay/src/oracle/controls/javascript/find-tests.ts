import { parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";
import type { Left, TestPart, TestUnit } from "../test-unit.ts";
import { javaScriptParts } from "./assertions.ts";

const functionKinds = new Set(["arrow_function", "function_expression", "function"]);
const testCallee = /^(?:test|it|specify)(?:\.(?:only|concurrent|sequential|each|for))*$/;

/** Of expect and of node:test. */
const keepsSnapshots = /\bto\w*Snapshot\s*\(|\bassert\.(?:s|fileS)napshot\s*\(/;

export type TestCall = { title: SyntaxNode; callback: SyntaxNode };

/** `test("…", () => …)` and its like as a call node, with title and callback. */
export function readTestCall(tree: SyntaxTree, call: SyntaxNode, callee: RegExp): TestCall | undefined {
  if (call.kind !== "call_expression") return undefined;
  const [called, list] = parts(call);
  // `test.each(table)("…", …)` is a call of what a call gives.
  const root = called?.kind === "call_expression" ? parts(called)[0] : called;
  if (root === undefined || list?.kind !== "arguments" || !callee.test(textOf(tree, root))) return undefined;
  const given = parts(list);
  const [title] = given;
  const callback = given.find(({ kind }) => functionKinds.has(kind));
  return title === undefined || callback === undefined || title === callback ? undefined : { title, callback };
}

/** The tests of a file at whatever depth of suites, and those that must stay as they are, with the reason. */
export function findJavaScriptTests(tree: SyntaxTree): { units: TestUnit[]; left: Left[] } {
  const units: TestUnit[] = [];
  const left: Left[] = [];
  let passedOver = 0;
  for (const statement of walk(tree.root)) {
    if (statement.kind !== "expression_statement" || statement.start < passedOver) continue;
    const [inner] = parts(statement);
    const call = inner?.kind === "await_expression" ? parts(inner)[0] : inner;
    const found = call === undefined ? undefined : readTestCall(tree, call, testCallee);
    if (found === undefined) continue;
    passedOver = statement.end;
    const name = titleOf(tree, found.title);
    const subtests = javaScriptParts(tree, found.callback);
    const why = reasonToLeave(tree, statement, found, subtests);
    if (why === undefined) units.push(unitOf(tree, statement, found, name, subtests ?? []));
    else left.push({ name, why });
  }
  return { units, left };
}

function titleOf(tree: SyntaxTree, title: SyntaxNode): string {
  const text = textOf(tree, title);
  return title.kind === "string" || title.kind === "template_string" ? text.slice(1, -1) : text;
}

function reasonToLeave(
  tree: SyntaxTree,
  statement: SyntaxNode,
  { title }: TestCall,
  subtests: readonly TestPart[] | undefined,
): string | undefined {
  if (keepsSnapshots.test(textOf(tree, statement))) return "its snapshots are kept by its name";
  // A function or a class given as a title stands for its own name.
  if (title.kind === "identifier" || functionKinds.has(title.kind)) return "its title is not written out";
  return subtests === undefined ? "its subtests are made as it runs" : undefined;
}

function unitOf(
  tree: SyntaxTree,
  statement: SyntaxNode,
  { title }: TestCall,
  name: string,
  subtests: readonly TestPart[],
): TestUnit {
  const written = title.kind === "string" || title.kind === "template_string";
  // Where a single statement was expected the copies go into a block.
  const single = !["program", "statement_block"].includes(statement.parent?.kind ?? "program");
  return {
    start: statement.start,
    end: statement.end,
    name,
    separator: "\n",
    ...(single ? { around: ["{ ", " }"] as const } : {}),
    rename: (token) =>
      written
        ? { start: title.start + 1, end: title.start + 1, text: `k${token} ` }
        : { start: title.start, end: title.end, text: `"k${token} " + (${textOf(tree, title)})` },
    inId: (token) => ({ written: `k${token} `, real: "" }),
    parts: subtests,
  };
}
