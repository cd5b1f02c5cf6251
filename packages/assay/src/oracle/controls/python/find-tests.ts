import { type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";
import type { Left, TestUnit } from "../test-unit.ts";
import { pythonAssertions } from "./assertions.ts";

const testName = /^test/;
const places = new Set(["module", "block", "class_definition", "decorated_definition"]);

/** The test functions and methods of a file, and those that must stay as they are, with the reason. */
export function findPythonTests(tree: SyntaxTree): { units: TestUnit[]; left: Left[] } {
  const functions = [...walk(tree.root)].filter((node) => node.kind === "function_definition");
  const tests = functions.filter((node) => testName.test(nameOf(tree, node)) && isCollected(node));
  const mentioned = mentions(tree, functions);
  const units: TestUnit[] = [];
  const left: Left[] = [];
  for (const node of tests) {
    const name = nameOf(tree, node);
    const why = reasonToLeave(tree, node, tests, mentioned);
    if (why === undefined) units.push(unitOf(tree, node));
    else left.push({ name, why });
  }
  return { units, left };
}

function nameOf(tree: SyntaxTree, definition: SyntaxNode): string {
  const name = definition.children.find(({ kind }) => kind === "identifier");
  return name === undefined ? "" : textOf(tree, name);
}

/** Of the module itself or of a class, however nested. */
function isCollected(node: SyntaxNode): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (!places.has(at.kind)) return false;
    if (at.kind === "block" && at.parent?.kind !== "class_definition") return false;
  }
  return true;
}

/** Names used elsewhere than where a function is defined. */
function mentions(tree: SyntaxTree, functions: readonly SyntaxNode[]): Set<string> {
  const defining = new Set(functions.map((node) => node.children.find(({ kind }) => kind === "identifier")));
  const used = [...walk(tree.root)].filter((node) => node.kind === "identifier" && !defining.has(node));
  return new Set(used.map((node) => textOf(tree, node)));
}

function wholeOf(node: SyntaxNode): SyntaxNode {
  return node.parent?.kind === "decorated_definition" ? node.parent : node;
}

function reasonToLeave(
  tree: SyntaxTree,
  node: SyntaxNode,
  tests: readonly SyntaxNode[],
  mentioned: ReadonlySet<string>,
): string | undefined {
  const name = nameOf(tree, node);
  const whole = wholeOf(node);
  const text = textOf(tree, whole);
  const scope = whole.parent;
  if (mentioned.has(name)) return "it is used by its name elsewhere in the file";
  const twins = tests.filter((other) => nameOf(tree, other) === name && wholeOf(other).parent === scope);
  if (twins.length > 1) return "another test has its name";
  if (/\bxfail\b/.test(text.slice(0, node.start - whole.start))) return "it is expected to fail";
  if (/\brequest\.node\b|\bsnapshot\b|_testMethodName/.test(text)) return "it depends on its own name";
  if (tree.source.slice(lineStart(tree, whole.start), whole.start).trim() !== "")
    return "it does not stand on lines of its own";
  return undefined;
}

function lineStart(tree: SyntaxTree, at: number): number {
  return tree.source.lastIndexOf("\n", at - 1) + 1;
}

function unitOf(tree: SyntaxTree, node: SyntaxNode): TestUnit {
  const { start, end } = wholeOf(node);
  const identifier = node.children.find(({ kind }) => kind === "identifier") as SyntaxNode;
  const body = node.children.find(({ kind }) => kind === "block");
  const name = nameOf(tree, node);
  return {
    start,
    end,
    name,
    separator: `\n\n${tree.source.slice(lineStart(tree, start), start)}`,
    rename: (token) => ({ start: identifier.start, end: identifier.end, text: `test_${token}` }),
    inId: (token) => ({ written: `test_${token}`, real: name }),
    parts: [{ path: [], assertions: body === undefined ? [] : pythonAssertions(tree, body) }],
  };
}
