import { endsLine, indentOf, reindented, startsLine } from "../layout.ts";
import { parts, type SyntaxNode } from "../node.ts";
import type { Draft, Operator } from "../operator.ts";
import { isStatement, type Site } from "../site.ts";
import { isDocstring } from "./statement-removal.ts";

/** A statement swapped with the next one; the last statement of a block moved out of it, or the next one moved in. */
export const statementMoves: Operator = {
  shapes: ["expression-statement", "declaration", "return", "throw", "if", "for", "for-each", "while", "statement"],
  *drafts(node, site): Iterable<Draft> {
    if (!isStatement(node) || isDocstring(node)) return;
    const siblings = node.parent ? parts(node.parent) : [];
    const next = siblings[siblings.indexOf(node) + 1];
    if (next !== undefined && next.shape !== "function" && next.shape !== "class") {
      const between = site.tree.source.slice(node.end, next.start);
      const text = `${site.text(next)}${between}${site.text(node)}`;
      yield { operator: "swap_stmt", start: node.start, end: next.end, text };
    }
    if (!["if", "for", "for-each", "while"].includes(node.shape)) return;
    const body = node.children.find((child) => child.shape === "block");
    const inside = body ? parts(body) : [];
    yield* movedOut(node, inside, site);
    if (next !== undefined) yield* movedIn(node, inside, next, site);
  },
};

function* movedOut(node: SyntaxNode, inside: readonly SyntaxNode[], site: Site): Iterable<Draft> {
  const [previous, last] = [inside.at(-2), inside.at(-1)];
  const { source } = site.tree;
  if (!previous || !last || !startsLine(source, last) || !startsLine(source, node)) return;
  const [inner, outer] = [indentOf(source, last.start), indentOf(source, node.start)];
  const moved = reindented(source, last.start, last.end, inner, outer, site.stringLineStarts);
  const lead = source.slice(previous.end, last.start).trimEnd();
  const tail = source.slice(last.end, node.end);
  const text = `${lead}${tail}${site.newline}${outer}${moved}`;
  yield { operator: "dedent", start: previous.end, end: node.end, text };
}

function* movedIn(node: SyntaxNode, inside: readonly SyntaxNode[], next: SyntaxNode, site: Site): Iterable<Draft> {
  const last = inside.at(-1);
  const { source } = site.tree;
  if (!last || !startsLine(source, last) || !startsLine(source, next) || !endsLine(source, last)) return;
  const [inner, outer] = [indentOf(source, last.start), indentOf(source, next.start)];
  const moved = reindented(source, next.start, next.end, outer, inner, site.stringLineStarts);
  const tail = source.slice(last.end, node.end);
  const between = source.slice(node.end, next.start).trimEnd();
  const text = `${site.newline}${inner}${moved}${tail}${between}`;
  yield { operator: "indent", start: last.end, end: next.end, text };
}
