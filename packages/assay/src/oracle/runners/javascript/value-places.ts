import type { TextEdit } from "#ports";
import {
  type LanguageTable,
  languageOf,
  parseSource,
  parts,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  walk,
} from "#syntax";

type Edit = TextEdit & { id: number };

/**
 * Where edits differ from the unedited code and from one another by one value alone: an expression that only reads, or the condition that
 * an inserted statement is under.
 */
export type ValuePlace = {
  number: number;
  /** Of the unedited file; both are the same where a statement is inserted. */
  start: number;
  end: number;
  inserted: boolean;
  /** Whether only the value's truth counts. */
  truth: boolean;
  /** By edit: the expression that it has there; with an inserted statement also what is before and behind its condition. */
  values: Map<number, { text: string; before: string; after: string }>;
};

/** The places of those edits that have one, by edit. */
export function valuePlaces(tree: SyntaxTree, edits: readonly Edit[]): ReadonlyMap<number, ValuePlace> {
  const places = new Map<string, ValuePlace>();
  const found = new Map<number, ValuePlace>();
  for (const edit of edits) {
    const value =
      edit.parts === undefined ? (insertedCondition(tree, edit) ?? expressionAround(tree, edit)) : undefined;
    if (value === undefined) continue;
    const { start, end, inserted, truth, text, before, after } = value;
    const key = `${start} ${end} ${before}\0${after}`;
    const place = places.get(key) ?? { number: places.size, start, end, inserted, truth, values: new Map() };
    places.set(key, place);
    place.values.set(edit.id, { text, before, after });
    found.set(edit.id, place);
  }
  return found;
}

type Value = Omit<ValuePlace, "number" | "values"> & { text: string; before: string; after: string };

/** The largest expression around an edit that only reads, before and after. */
function expressionAround(tree: SyntaxTree, { start, end, text }: Edit): Value | undefined {
  const { source } = tree;
  let found: Value | undefined;
  for (let node: SyntaxNode | undefined = smallestAround(tree.root, start, end); node; node = node.parent) {
    if (!isExpression(node)) {
      if (found !== undefined || !node.named) break;
      continue;
    }
    const changed = source.slice(node.start, start) + text + source.slice(end, node.end);
    if (!onlyReads(tree, node) || !isReadingText(changed)) break;
    if (node.usage === "write" || node.usage === "name") return undefined;
    if (!standsAlone(node)) continue;
    const truth = node.parent?.shape === "if" || node.parent?.shape === "while" || isConditionInBrackets(node);
    found = { start: node.start, end: node.end, inserted: false, truth, text: changed, before: "", after: "" };
  }
  return found;
}

function isConditionInBrackets({ shape, parent }: SyntaxNode): boolean {
  return shape === "parenthesized" && (parent?.shape === "if" || parent?.shape === "while");
}

/** `if (…) …` put in between statements. */
function insertedCondition(tree: SyntaxTree, { start, end, text }: Edit): Value | undefined {
  if (start !== end || !/^\s*if\s*\(/.test(text)) return undefined;
  const parsed = parseSource(tree.language, `function f() { for (;;) {${text}\n} }`);
  if (parsed.kind !== "parsed") return undefined;
  const offset = "function f() { for (;;) {".length;
  const whole = [...walk(parsed.tree.root)].find((node) => node.shape === "if");
  const condition = whole && parts(whole)[0];
  if (
    whole === undefined ||
    condition?.shape !== "parenthesized" ||
    whole.children.some(({ shape }) => shape === "else")
  )
    return undefined;
  if (whole.start - offset !== text.length - text.trimStart().length || whole.end - offset !== text.trimEnd().length)
    return undefined;
  if (!onlyReads(parsed.tree, condition)) return undefined;
  const [from, to] = [condition.start - offset, condition.end - offset];
  const rest = { before: text.slice(0, from), after: text.slice(to) };
  return { start, end, inserted: true, truth: true, text: textOf(parsed.tree, condition), ...rest };
}

function smallestAround(node: SyntaxNode, start: number, end: number): SyntaxNode {
  const inner = node.children.find((child) => child.start <= start && end <= child.end && child.start < child.end);
  return inner === undefined ? node : smallestAround(inner, start, end);
}

const expressions: ReadonlySet<string> = new Set([
  ...["identifier", "number", "string", "template", "true", "false", "null", "binary", "unary", "call", "member"],
  ...["subscript", "list", "conditional", "parenthesized", "this", "cast"],
]);
const insideOfExpressions: ReadonlySet<string> = new Set(["arguments", "template-hole"]);
const methods: ReadonlySet<string> = new Set([
  ...[
    "at",
    "charAt",
    "charCodeAt",
    "codePointAt",
    "concat",
    "endsWith",
    "entries",
    "get",
    "has",
    "includes",
    "indexOf",
  ],
  ...["isArray", "isFinite", "isInteger", "isNaN", "isSafeInteger", "join", "keys", "lastIndexOf", "localeCompare"],
  ...[
    "normalize",
    "padEnd",
    "padStart",
    "repeat",
    "replaceAll",
    "slice",
    "split",
    "startsWith",
    "substring",
    "toFixed",
  ],
  ...["toLowerCase", "toSorted", "toReversed", "toString", "toUpperCase", "trim", "trimEnd", "trimStart", "values"],
  ...["abs", "ceil", "floor", "max", "min", "round", "sign", "sqrt", "trunc", "hypot", "log", "log2", "log10", "cbrt"],
]);
const functions: ReadonlySet<string> = new Set(["Number", "String", "Boolean", "parseInt", "parseFloat", "isNaN"]);

function isExpression({ shape }: SyntaxNode): boolean {
  return expressions.has(shape);
}

/** What can be put in brackets by itself. */
function standsAlone(node: SyntaxNode): boolean {
  const parent = node.parent;
  // A method is called on what is before it, and a chain ends as a whole.
  const isCallee = parent !== undefined && ["call", "new", "member", "subscript"].includes(parent.shape);
  return !(isCallee && parts(parent)[0] === node && (node.shape === "member" || node.shape === "subscript"));
}

function onlyReads(tree: SyntaxTree, root: SyntaxNode): boolean {
  for (const node of walk(root)) {
    if (!node.named || node.shape === "comment") continue;
    if (node.shape === "call") {
      const callee = parts(node)[0];
      const name = callee?.shape === "member" ? parts(callee).at(-1) : undefined;
      const known =
        name === undefined ? callee && functions.has(textOf(tree, callee)) : methods.has(textOf(tree, name));
      if (!known) return false;
    } else if (node.shape === "unary") {
      if (/^(delete|void)\b/.test(textOf(tree, node))) return false;
    } else if (!isExpression(node) && !insideOfExpressions.has(node.shape) && !isPartOfOne(node)) return false;
  }
  return true;
}

/** A property's name, a piece of a text. */
function isPartOfOne({ kind, children }: SyntaxNode): boolean {
  return (
    children.length === 0 &&
    /^(property_identifier|private_property_identifier|string_fragment|escape_sequence)$/.test(kind)
  );
}

const known = new Map<string, boolean>();
const knownMax = 20_000;

/** Whether a text is one expression that only reads. Many edits come to the same. */
function isReadingText(text: string): boolean {
  const earlier = known.get(text);
  if (earlier !== undefined) return earlier;
  const language = languageOf("a.ts") as LanguageTable;
  const parsed = parseSource(language, `(${text}\n);`);
  const [statement, ...more] = parsed.kind === "parsed" ? parts(parsed.tree.root) : [];
  const value = statement && parts(statement)[0];
  const reads =
    parsed.kind === "parsed" && more.length === 0 && value?.shape === "parenthesized" && onlyReads(parsed.tree, value);
  if (known.size < knownMax) known.set(text, reads);
  return reads;
}
