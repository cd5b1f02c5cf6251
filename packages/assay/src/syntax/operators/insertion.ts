import { endsLine, indentOf, lineEndOf, startsLine } from "../layout.ts";
import { parts, type SyntaxNode } from "../node.ts";
import type { Draft, Operator } from "../operator.ts";
import { isStatement, type Site } from "../site.ts";
import { insertable } from "./insertable.ts";
import { isDocstring, removableShapes } from "./statement-removal.ts";

/** A new statement before any statement of a function, and behind the last one of each block. */
export const insertion: Operator = {
  shapes: [...removableShapes, "pass"],
  *drafts(node, site): Iterable<Draft> {
    if (!isStatement(node) || isDocstring(node) || site.functionAround(node) === undefined) return;
    if (node.parent?.parent?.shape === "class") return;
    const last = node.parent && parts(node.parent).at(-1) === node;
    for (const { operator, text, weight } of insertable(node, site)) {
      const extra = weight === undefined ? {} : { weight };
      const before = insertedBefore(node, text, site);
      if (before) yield { operator, ...before, ...extra };
      const after = last && !leaves(node) ? insertedAfter(node, text, site) : undefined;
      if (after) yield { operator, ...after, ...extra };
    }
  },
};

/** Nothing behind such a statement is ever reached. */
function leaves(node: SyntaxNode): boolean {
  return ["return", "throw", "break", "continue"].includes(node.shape);
}

type Inserted = { start: number; end: number; text: string };

function insertedBefore(node: SyntaxNode, text: string, site: Site): Inserted | undefined {
  const { source } = site.tree;
  if (startsLine(source, node)) {
    const indent = indentOf(source, node.start);
    const lines = laidOut(text, indent, site);
    return { start: node.start, end: node.start, text: `${lines}${site.newline}${indent}` };
  }
  // On a shared line only a simple statement fits.
  if (text.includes("\n")) return undefined;
  const separator = text.endsWith(";") ? " " : "; ";
  return { start: node.start, end: node.start, text: `${text}${separator}` };
}

function insertedAfter(node: SyntaxNode, text: string, site: Site): Inserted | undefined {
  const { source } = site.tree;
  if (!startsLine(source, node) || !endsLine(source, node)) return undefined;
  const indent = indentOf(source, node.start);
  const at = lineEndOf(source, node.end);
  return { start: at, end: at, text: `${site.newline}${indent}${laidOut(text, indent, site)}` };
}

/** A template's lines where a node stands. */
export function indentedBy(node: SyntaxNode, text: string, site: Site): string {
  return laidOut(text, indentOf(site.tree.source, node.start), site);
}

/** A template's lines at the given indentation; `$i` is one step more. */
export function laidOut(text: string, indent: string, site: Site): string {
  return text.replaceAll("$i", site.indentUnit).replaceAll("\n", `${site.newline}${indent}`);
}
