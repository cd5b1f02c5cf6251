import { type SyntaxNode, type SyntaxTree, textOf } from "#syntax";

/** A tree as text, without comments, blanks and line ends: two sources with the same structure do the same. */
export function structureOf(tree: SyntaxTree, node: SyntaxNode): string {
  if (node.shape === "comment") return "";
  if (isDocumentation(node)) return "";
  if (node.children.length === 0) return JSON.stringify(textOf(tree, node));
  // A string's own parts are its text: blanks count in it.
  if (node.shape === "string") return JSON.stringify(textOf(tree, node));
  const parts = node.children.map((child) => structureOf(tree, child)).filter((part) => part !== "");
  return `(${node.kind} ${parts.join(" ")})`;
}

/** A string that stands alone as a statement is executed by nobody. */
function isDocumentation({ shape, children }: SyntaxNode): boolean {
  return shape === "expression-statement" && children.length === 1 && children[0]?.shape === "string";
}
