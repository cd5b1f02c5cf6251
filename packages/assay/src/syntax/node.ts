import type { LanguageTable } from "./language.ts";
import type { Shape } from "./shape.ts";

/**
 * How a node is used: `read` for its value, `callee` as what is called, `write` as an assignment's target,
 * `name` as a mere name (a parameter, a keyword, an attribute, a type).
 */
export type Usage = "read" | "callee" | "write" | "name";

/** A node of a syntax tree as a plain object, so that walking it costs no calls into native code. */
export type SyntaxNode = {
  /** The grammar's own kind. */
  readonly kind: string;
  readonly shape: Shape;
  readonly usage: Usage;
  readonly named: boolean;
  /** UTF-16 code units from the start of the source; `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly line: number;
  readonly lineEnd: number;
  readonly parent: SyntaxNode | undefined;
  readonly children: readonly SyntaxNode[];
};

export type SyntaxTree = {
  readonly source: string;
  readonly language: LanguageTable;
  readonly root: SyntaxNode;
};

export function textOf(tree: SyntaxTree, node: SyntaxNode): string {
  return tree.source.slice(node.start, node.end);
}

/** The children that carry meaning: neither tokens nor comments. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter((child) => child.named && child.shape !== "comment");
}

/** The node and everything below it, parents first, in the order of the source. */
export function* walk(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of node.children) if (child.children.length > 0 || child.named) yield* walk(child);
}

/** The nearest ancestor for which `test` holds. */
export function ancestor(node: SyntaxNode, test: (candidate: SyntaxNode) => boolean): SyntaxNode | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) if (test(at)) return at;
  return undefined;
}

/** Operands and operator tokens of a binary expression, which in some languages chains more than two operands. */
export function binaryParts(node: SyntaxNode): { operands: SyntaxNode[]; operators: SyntaxNode[] } {
  return { operands: parts(node), operators: node.children.filter((child) => !child.named) };
}

/** The node inside any parentheses around it. */
export function unparenthesized(node: SyntaxNode): SyntaxNode {
  const inner = node.shape === "parenthesized" ? parts(node)[0] : undefined;
  return inner === undefined ? node : unparenthesized(inner);
}
