import { negation } from "../expression.ts";
import { parts, type SyntaxNode, unparenthesized } from "../node.ts";
import { type Operator, replace } from "../operator.ts";
import type { Site } from "../site.ts";
import { isCondition } from "./is-condition.ts";

/** `-x` to `x`, `not x` to `x`. */
export const unary: Operator = {
  shapes: ["unary"],
  *drafts(node, site) {
    const operand = parts(node)[0];
    if (operand) yield replace("unary", node, site.placed(node, site.expression(unparenthesized(operand))));
  },
};

/** A condition, an operand of `and` or a returned truth value, negated. */
export const negate: Operator = {
  *drafts(node, site) {
    if (node.shape === "parenthesized" || isNegation(node, site)) return;
    const parent = node.parent;
    const returned = parent?.shape === "return" && negatable.has(node.shape);
    if (returned || isCondition(node, site)) {
      yield replace("negate", node, site.placed(node, negation(site.language, site.expression(node))));
    }
  },
};

const negatable = new Set(["identifier", "binary", "call", "member"]);

function isNegation(node: SyntaxNode, site: Site): boolean {
  return node.shape === "unary" && site.text(node).startsWith(site.language.words.not.trim());
}
