import { binary } from "../expression.ts";
import type { OperatorGroup } from "../language.ts";
import { binaryParts, textOf } from "../node.ts";
import { type Draft, type Operator, replace } from "../operator.ts";
import { groupTokens } from "./group-tokens.ts";

const comparable: ReadonlySet<OperatorGroup> = new Set(["comparison", "equality", "identity", "membership"]);

/** `<` to `<=`, to any other comparison, to one with a neighbouring constant; `in` to `not in`; operands swapped. */
export const comparison: Operator = {
  shapes: ["binary"],
  *drafts(node, site) {
    const { operands, operators } = binaryParts(node);
    const groups = operators.map((token) => site.language.binary[site.text(token)]?.group);
    if (!groups.every((group) => group !== undefined && comparable.has(group))) return;
    for (const token of operators) {
      const entry = site.language.binary[site.text(token)];
      for (const other of groupTokens(site.language, site.text(token))) {
        yield replace(other === entry?.adjacent ? "cmp_adj" : "cmp", token, other);
      }
    }
    const [left, right] = operands;
    const token = operators[0];
    if (operands.length !== 2 || !left || !right || !token) return;
    const sign = site.text(token);
    if (/^([<>]=?|in|not in)$/.test(sign)) {
      yield replace(
        "swap_operand",
        node,
        binary(site.language, site.expression(right), sign, site.expression(left)).text,
      );
    }
    if (right.shape === "number" && /^\d+$/.test(site.text(right))) {
      const value = Number(site.text(right));
      for (const other of [sign, ...groupTokens(site.language, sign)]) {
        if (other === sign) continue;
        for (const shifted of [value + 1, value - 1]) {
          const text = textOf(site.tree, node).slice(0, token.start - node.start);
          const draft: Draft = replace("cmp_const", node, `${text}${other} ${shifted}`);
          yield draft;
        }
      }
    }
  },
};
