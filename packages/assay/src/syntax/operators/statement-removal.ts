import { indentOf, lineEndOf, lineStartOf, reindented, startsLine } from "../layout.ts";
import { parts, type SyntaxNode } from "../node.ts";
import { type Draft, type Operator, replace } from "../operator.ts";
import { isStatement, type Site } from "../site.ts";

const kept = new Set(["function", "class", "import", "pass"]);

/** Every kind of statement that can be done without. */
export const removableShapes = [
  "expression-statement",
  "declaration",
  "return",
  "throw",
  "if",
  "for",
  "for-each",
  "while",
  "break",
  "continue",
  "statement",
] as const;

/** A statement deleted, an `if` replaced by what it guards. */
export const statementRemoval: Operator = {
  shapes: removableShapes,
  *drafts(node, site): Iterable<Draft> {
    if (!isStatement(node) || isDocstring(node) || kept.has(node.shape) || /decorated|export/.test(node.kind)) return;
    yield deletion(node, site);
    if (node.shape !== "if") return;
    const body = node.children.find((child) => child.shape === "block");
    const statements = body ? parts(body) : [];
    const [first, last] = [statements[0], statements.at(-1)];
    if (first === undefined || last === undefined) return;
    const { source } = site.tree;
    const [inner, outer] = [indentOf(source, first.start), indentOf(source, node.start)];
    const text = reindented(source, first.start, last.end, inner, outer, site.stringLineStarts);
    yield replace("unwrap_if", node, text);
  },
};

function deletion(node: SyntaxNode, site: Site): Draft {
  const { source } = site.tree;
  const alone = node.parent !== undefined && parts(node.parent).length === 1;
  if (alone && site.language.indented) return replace("del_stmt", node, site.language.words.pass);
  const rest = source.slice(node.end, lineEndOf(source, node.end));
  if (!startsLine(source, node) || !/^[ \t]*((#|\/\/).*)?$/.test(rest)) {
    // Others share the line: the terminator between them goes too.
    const gap = /^[ \t]*;[ \t]*/.exec(rest)?.[0].length ?? 0;
    return { operator: "del_stmt", start: node.start, end: node.end + gap, text: "" };
  }
  const next = source.indexOf("\n", node.end);
  return {
    operator: "del_stmt",
    start: lineStartOf(source, node.start),
    end: next === -1 ? source.length : next + 1,
    text: "",
  };
}

/** A string that stands alone at the head of a block, a directive such as "use strict" included. */
export function isDocstring(node: SyntaxNode): boolean {
  return node.shape === "expression-statement" && parts(node)[0]?.shape === "string";
}
