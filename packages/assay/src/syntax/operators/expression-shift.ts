import { atom, binary } from "../expression.ts";
import type { SyntaxNode } from "../node.ts";
import { type Operator, replace } from "../operator.ts";
import type { Site } from "../site.ts";

/** A numeric expression plus or minus one, or plus, minus, times a variable. */
export const expressionShift: Operator = {
  shapes: ["identifier", "binary", "call", "subscript", "member"],
  *drafts(node, site) {
    if (node.usage !== "read") return;
    const kind = site.kindOf(node);
    if (kind !== undefined && kind !== "number") return;
    // Of a binary's parts and the whole, the parts of a sum give the same results as the whole.
    if (node.shape === "member" && kind === undefined && !insideArithmetic(node, site)) return;
    const weight = kind === "number" ? 1 : 0.85;
    const self = site.expression(node);
    const one = atom(site.language, "1");
    for (const sign of ["+", "-"]) {
      yield replace("expr_pm1", node, site.placed(node, binary(site.language, self, sign, one)), weight);
    }
    if (node.shape !== "identifier") return;
    for (const variable of site.variables(node)) {
      if (variable.kind !== "number" || variable.name === self.text) continue;
      for (const sign of ["+", "-", "*"]) {
        const sum = binary(site.language, self, sign, atom(site.language, variable.name));
        yield replace("expr_pmvar", node, site.placed(node, sum), weight);
      }
    }
  },
};

function insideArithmetic(node: SyntaxNode, site: Site): boolean {
  const parent = node.parent;
  return parent !== undefined && parent.shape === "binary" && site.kindOf(parent) !== "string";
}
