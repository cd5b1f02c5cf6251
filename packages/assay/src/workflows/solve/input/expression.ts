import { type LanguageTable, parseSource, parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";

/** One expression with the tree it stands in. */
export type Expression = { tree: SyntaxTree; node: SyntaxNode; text: string };

/**
 * Reads a text that is one expression and nothing else, without evaluating it; `undefined` for any other text. It is read in
 * parentheses: what would end the expression and begin a statement does not parse as one.
 */
export function readExpression(language: LanguageTable, text: string): Expression | undefined {
  const parsed = parseSource(language, `(${text.trim()}\n)`);
  if (parsed.kind === "refused") return undefined;
  const { tree } = parsed;
  const [statement, ...others] = parts(tree.root);
  if (statement?.kind !== "expression_statement" || others.length > 0) return undefined;
  const [outer, ...more] = parts(statement);
  if (outer === undefined || more.length > 0) return undefined;
  const inner = parts(outer);
  const [node] = inner;
  const last = inner.at(-1);
  if (node === undefined || last === undefined) return undefined;
  if (outer.kind === "parenthesized_expression") {
    if (inner.length > 1 || noValues.has(node.kind)) return undefined;
    return { tree, node, text: textOf(tree, node) };
  }
  // `1, 2` is a tuple in Python, and without what may be remarked behind it.
  const items = tree.source.slice(node.start, last.end);
  return outer.kind === "tuple"
    ? { tree, node: outer, text: inner.length === 1 ? `(${items},)` : `(${items})` }
    : undefined;
}

/** What parentheses may also hold. */
const noValues = new Set([
  "sequence_expression",
  "assignment_expression",
  "named_expression",
  "yield",
  "yield_expression",
]);

/** What an expression calls, and which other names it reads without binding them itself. */
export function namesIn({ tree, node }: Expression): { called: string[]; read: string[] } {
  const called = new Set<string>();
  const read = new Set<string>();
  const bound = new Set<string>();
  for (const at of walk(node)) {
    if (at.shape !== "identifier") continue;
    const name = textOf(tree, at);
    const isCreated = at.parent?.shape === "new" && parts(at.parent)[0] === at;
    if (at.usage === "callee" || isCreated) called.add(name);
    else if (at.usage === "read") read.add(name);
    else if (at.parent?.shape !== "member" && at.parent?.shape !== "keyword-argument") bound.add(name);
  }
  const isFree = (name: string) => !bound.has(name);
  return { called: [...called].filter(isFree), read: [...read].filter((name) => isFree(name) && !called.has(name)) };
}
