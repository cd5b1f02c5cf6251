import type { ProposalRequest } from "#ports";
import { alwaysExcluded, parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";
import { lastName } from "../../search/facts.ts";
import { readText } from "../../search/read-text.ts";
import { SourceTrees } from "../../search/source-trees.ts";
import { leftOut } from "./cut-lines.ts";
import { definitionsIn, isImport, namesUsed } from "./definitions.ts";
import { fence } from "./fence.ts";
import { distinct, type Form, formOf, type Section } from "./section.ts";
import { numbered, type ShownText, shownText } from "./shown-text.ts";

/** How many failing tests the forms show, the fullest first. */
const counts = [12, 5, 2, 1] as const;
const testLinesMax = 60;
/** Definitions of a test file that are shown beside its tests. */
const helpersMax = 12;
/** Lines around a failure's place, where the test itself is not found. */
const reach = 8;

type TestPlace = { id: string; file: string; start: number; end: number };

/** The failing tests' own lines, their imports and what they use of their file. They are shown and may not be changed. */
export async function testsSection(request: ProposalRequest): Promise<Section> {
  const wanted = new Set(request.targets);
  const failing = request.baseline.results.filter(({ id }) => wanted.has(id));
  const texts = new Map<string, string>();
  for (const file of new Set(failing.slice(0, counts[0]).map((result) => result.file))) {
    const text = mayShow(file, request) ? await readText(request.snapshot, file) : undefined;
    if (text !== undefined) texts.set(file, text);
  }
  const trees = new SourceTrees(texts);
  const places = failing.slice(0, counts[0]).flatMap(({ id, file }) => {
    const text = texts.get(file);
    return text === undefined ? [] : (placeOf(id, file, text, trees.tree(file), request) ?? []);
  });
  const shown = new Map([...texts].map(([file, text]) => [file, shownText(text, false)]));
  const form = (count: number): Form => told(places.slice(0, count), failing.length, trees, shown);
  const forms = places.length === 0 ? [] : distinct(counts.map(form));
  return { name: "the failing tests", priority: 2, forms };
}

/** The name comes from the process that ran the tests: it is one of the project's own files, or not read. */
function mayShow(file: string, { profile }: ProposalRequest): boolean {
  const isOwn = profile.oracleFiles.includes(file) || profile.sourceFiles.includes(file);
  return isOwn && alwaysExcluded(file) === undefined;
}

function told(
  places: readonly TestPlace[],
  total: number,
  trees: SourceTrees,
  shown: ReadonlyMap<string, ShownText>,
): Form {
  const files = [...new Set(places.map(({ file }) => file))];
  const blocks = files.map((file) => {
    const text = shown.get(file) ?? { lines: [], faithful: true };
    const tree = trees.tree(file);
    const own = places.filter((one) => one.file === file);
    const ranges = [...(tree === undefined ? [] : surroundings(tree, own)), ...own];
    const lines = new Map<number, string>();
    for (const { start, end } of ranges) {
      const to = Math.min(end, start + testLinesMax - 1);
      for (const [index, line] of numbered(text, start, to).entries()) lines.set(start + index, line);
      if (to < end) lines.set(to + 0.5, leftOut(end - to));
    }
    const sorted = [...lines].sort(([a], [b]) => a - b).map(([, line]) => line);
    return fence(`${file}, may not be changed`, sorted.join("\n"));
  });
  if (total > places.length) blocks.push(leftOut(total - places.length, "failing test"));
  return formOf(blocks, files);
}

/** The imports of a test file, and what else of it its tests use: helpers, fixtures, values. */
function surroundings(tree: SyntaxTree, places: readonly TestPlace[]): { start: number; end: number }[] {
  const imports = parts(tree.root).filter(isImport);
  const names = new Set(places.flatMap((place) => [...namesUsed(tree, place)]));
  const used = definitionsIn(tree).filter(({ name }) => names.has(name));
  return [...imports.map(({ line, lineEnd }) => ({ start: line, end: lineEnd })), ...used.slice(0, helpersMax)];
}

function placeOf(
  id: string,
  file: string,
  text: string,
  tree: SyntaxTree | undefined,
  { failures }: ProposalRequest,
): TestPlace | undefined {
  const name = lastName(id);
  const node = tree === undefined ? undefined : (testFunction(tree, name) ?? testCall(tree, name));
  if (node !== undefined) return { id, file, start: node.line, end: node.lineEnd };
  const at = failures.find(({ tests, failure }) => tests.includes(id) && failure.file === file)?.failure.line;
  const line = at ?? text.split("\n").findIndex((one) => one.includes(name)) + 1;
  return line === 0 ? undefined : { id, file, start: Math.max(1, line - reach), end: line + reach };
}

function testFunction(tree: SyntaxTree, name: string): SyntaxNode | undefined {
  const isNamed = (child: SyntaxNode): boolean => child.shape === "identifier" && textOf(tree, child) === name;
  for (const node of walk(tree.root)) {
    if (node.shape !== "function" || !node.children.some(isNamed)) continue;
    // Decorators, e.g. parameters, are part of the test.
    return node.parent?.children.some(({ shape }) => shape === "decorator") ? node.parent : node;
  }
  return undefined;
}

/** `test("adds up", …)`: the call whose first argument is the name. */
function testCall(tree: SyntaxTree, name: string): SyntaxNode | undefined {
  for (const node of walk(tree.root)) {
    if (node.shape !== "call") continue;
    const list = node.children.find(({ shape }) => shape === "arguments");
    const [first] = list === undefined ? [] : parts(list);
    if (first !== undefined && textOf(tree, first).slice(1, -1) === name) return node;
  }
  return undefined;
}
