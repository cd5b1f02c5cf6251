import { binary, type Expression } from "../expression.ts";
import { binaryParts, type SyntaxNode } from "../node.ts";
import { type Operator, replace } from "../operator.ts";
import type { Site } from "../site.ts";

/** `and` to `or`, `??` to `||`, an operand left out. */
export const boolean: Operator = {
  shapes: ["binary"],
  *drafts(node, site) {
    const token = binaryParts(node).operators[0];
    const sign = token ? site.text(token) : "";
    const entry = site.language.binary[sign];
    if (!token || (entry?.group !== "boolean" && entry?.group !== "coalesce")) return;
    const operands = chain(node, sign, site);
    for (const other of [site.language.words.and, site.language.words.or]) {
      if (other === sign || entry.group === "coalesce") continue;
      yield replace("bool", node, site.placed(node, joined(operands, other, site)));
    }
    for (const other of entry.others ?? []) yield replace("coalesce", token, other);
    // An inner link of the chain is left to the outermost one, which sees all operands.
    if (node.parent?.shape === "binary" && binaryParts(node.parent).operators.some((o) => site.text(o) === sign))
      return;
    for (const left of operands) {
      const rest = operands.filter((operand) => operand !== left);
      yield replace("bool_drop", node, site.placed(node, joined(rest, sign, site)));
    }
  },
};

/** The operands of `a and b and c`, which parses as nested pairs. */
function chain(node: SyntaxNode, sign: string, site: Site): SyntaxNode[] {
  const { operands, operators } = binaryParts(node);
  if (node.shape !== "binary" || !operators[0] || site.text(operators[0]) !== sign) return [node];
  return operands.flatMap((operand) => chain(operand, sign, site));
}

function joined(operands: SyntaxNode[], sign: string, site: Site): Expression {
  const [first, ...rest] = operands.map((operand) => site.expression(operand));
  if (first === undefined) throw new TypeError("a boolean chain has operands");
  return rest.reduce((left, right) => binary(site.language, left, sign, right), first);
}
