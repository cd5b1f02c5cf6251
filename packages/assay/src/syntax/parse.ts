import type { SgNode } from "@ast-grep/napi";
import { nativeRoot } from "./grammar.ts";
import type { LanguageTable } from "./language.ts";
import type { SyntaxNode, SyntaxTree, Usage } from "./node.ts";
import type { Shape } from "./shape.ts";
import { usageOf } from "./usage.ts";

/** Longer files are left alone: trees of generated or bundled code cost seconds and are nobody's source. */
export const sourceCharactersMax = 512 * 1024;

/** Deeper trees are left alone: walking them would exhaust the stack. */
const depthMax = 400;

export type ParseResult =
  | { kind: "parsed"; tree: SyntaxTree }
  | { kind: "refused"; reason: "too-long" | "too-deep" | "syntax-error" };

/** What the parser could not read, and what it assumed though it is not there: a node without text. */
const syntaxErrors = { rule: { any: [{ kind: "ERROR" }, { regex: "^$" }] } };

/** Whether the source has no syntax error its grammar can see. */
export function isWellFormed(language: LanguageTable, source: string): boolean {
  return source.length <= sourceCharactersMax && !hasErrors(nativeRoot(language.grammar, source));
}

/** The first line (1-based) that the grammar cannot read; `undefined` for a source without syntax errors. */
export function syntaxErrorLine(language: LanguageTable, source: string): number | undefined {
  const error = nativeRoot(language.grammar, source).find(syntaxErrors);
  return error === null ? undefined : error.range().start.line + 1;
}

function hasErrors(root: SgNode): boolean {
  return root.has(syntaxErrors);
}

class TooDeep extends Error {}

/** Parses a whole file. Positions are UTF-16 code units. */
export function parseSource(language: LanguageTable, source: string): ParseResult {
  if (source.length > sourceCharactersMax) return { kind: "refused", reason: "too-long" };
  const native = nativeRoot(language.grammar, source);
  if (hasErrors(native)) return { kind: "refused", reason: "syntax-error" };
  try {
    return { kind: "parsed", tree: { source, language, root: convert(language, native, undefined, "read", 0) } };
  } catch (error) {
    if (error instanceof TooDeep) return { kind: "refused", reason: "too-deep" };
    throw error;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function convert(
  language: LanguageTable,
  native: SgNode,
  parent: SyntaxNode | undefined,
  usage: Usage,
  depth: number,
): SyntaxNode {
  if (depth > depthMax) throw new TooDeep();
  const kind = String(native.kind());
  const named = native.isNamed();
  const range = native.range();
  const shape: Shape = named ? (language.shapes[kind] ?? "other") : "token";
  const children: SyntaxNode[] = [];
  const node: Mutable<SyntaxNode> = {
    kind,
    shape,
    usage,
    named,
    start: range.start.index,
    end: range.end.index,
    line: range.start.line + 1,
    lineEnd: range.end.line + 1,
    parent,
    children,
  };
  // A token's own parts (of `not in`, say) and a plain string's are of no use to operators.
  if (!named || kind === "comment") return node;
  for (const child of native.children()) {
    children.push(convert(language, child, node, usageOf(node, String(child.kind()), child.isNamed()), depth + 1));
  }
  return node;
}
