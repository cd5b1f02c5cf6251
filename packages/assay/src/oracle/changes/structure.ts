import { parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";

/** A tree as text, without comments, blanks and line ends: two sources with the same structure do the same. */
export function structureOf(tree: SyntaxTree, node: SyntaxNode): string {
  if (node.shape === "comment") return "";
  if (isDocumentation(tree, node)) return "";
  if (node.children.length === 0) return JSON.stringify(textOf(tree, node));
  // A string's own parts are its text: blanks count in it.
  if (node.shape === "string" || node.shape === "template") return JSON.stringify(textOf(tree, node));
  const parts = node.children.map((child) => structureOf(tree, child)).filter((part) => part !== "");
  return `(${node.kind} ${parts.join(" ")})`;
}

/**
 * A plain string that is the first statement of a Python module, class or function. Anywhere else a string that stands alone may
 * mean something: in JavaScript it is a directive, and one with holes runs what is in them.
 */
function isDocumentation({ language }: SyntaxTree, node: SyntaxNode): boolean {
  const { shape, children, parent: block } = node;
  if (language.name !== "python" || shape !== "expression-statement" || block === undefined) return false;
  if (children.length !== 1 || children[0]?.shape !== "string" || parts(block)[0]?.start !== node.start) return false;
  const owner = block.kind === "module" ? "module" : block.kind === "block" ? block.parent?.kind : undefined;
  if (owner !== "module" && owner !== "class_definition" && owner !== "function_definition") return false;
  return ![...walk(node)].some((inner) => inner.shape === "template-hole");
}
