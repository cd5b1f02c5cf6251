import { binaryParts, parts, type SyntaxNode } from "../node.ts";
import type { Site } from "../site.ts";

/** Whether the node decides a branch or a loop, wholly. */
export function isWholeCondition(node: SyntaxNode, site: Site): boolean {
  const parent = node.parent;
  if (parent === undefined) return false;
  switch (parent.shape) {
    case "parenthesized":
      return isWholeCondition(parent, site);
    case "if":
    case "else-if":
    case "while":
    case "if-clause":
      return parts(parent)[0] === node;
    case "for":
      // The condition is the part between the two semicolons.
      return parts(parent)[1] === node && parts(parent).length >= 3;
    case "conditional":
      return parts(parent)[site.language.conditionalIndex] === node;
    default:
      return false;
  }
}

/** Whether the node decides a branch or a loop, wholly or as an operand of `and`, `or`. */
export function isCondition(node: SyntaxNode, site: Site): boolean {
  if (isWholeCondition(node, site)) return true;
  const parent = node.parent;
  if (parent?.shape !== "binary") return false;
  const token = binaryParts(parent).operators[0];
  return token !== undefined && site.language.binary[site.text(token)]?.group === "boolean";
}
