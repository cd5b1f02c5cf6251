import { atom, binary, type Expression, filled, negation } from "../expression.ts";
import type { SyntaxNode } from "../node.ts";
import { type Draft, type Operator, replace } from "../operator.ts";
import type { Site } from "../site.ts";
import { isCondition, isWholeCondition } from "./is-condition.ts";

/** A condition joined with, or replaced by, a simple one over the variables in scope; made constant. */
export const condition: Operator = {
  *drafts(node, site): Iterable<Draft> {
    if (node.shape === "parenthesized" || !isCondition(node, site)) return;
    const { language } = site;
    const self = site.expression(node);
    const whole = isWholeCondition(node, site);
    for (const { expression, weight } of conditionAtoms(node, site)) {
      if (expression.text === self.text) continue;
      for (const sign of [language.words.and, language.words.or]) {
        yield replace("cond_add", node, site.placed(node, binary(language, self, sign, expression)), weight);
        yield replace("cond_add_pre", node, site.placed(node, binary(language, expression, sign, self)), weight);
      }
      if (whole) yield replace("cond_replace", node, site.placed(node, expression), weight);
    }
    if (!whole) return;
    yield replace("cond_const", node, language.words.true);
    yield replace("cond_const", node, language.words.false);
  },
};

type ConditionAtom = { expression: Expression; weight: number };

/** Simple conditions over what is in scope; those found in the function itself weigh full. */
export function conditionAtoms(node: SyntaxNode, site: Site): ConditionAtom[] {
  const { language } = site;
  const { words, wraps } = language;
  const atoms: ConditionAtom[] = [];
  const push = (expression: Expression, weight = 1): number => atoms.push({ expression, weight });
  const number = (text: string): Expression => atom(language, text);
  for (const donor of site.donors(node)) if (donor.kind === "boolean") push(donor.expression);
  const variables = site.variables(node);
  for (const { name, kind } of variables) {
    const self = atom(language, name);
    push(self);
    push(negation(language, self));
    if (kind === undefined || kind === "number") {
      const weight = kind === undefined ? 0.7 : 1;
      push(binary(language, self, words.equal, number("0")), weight);
      push(binary(language, self, ">", number("0")), weight);
      push(binary(language, self, words.equal, number("1")), weight);
    }
    if (kind === undefined) {
      push(filled(language, wraps.isNull, self), 0.8);
      push(filled(language, wraps.notNull, self), 0.8);
    }
    if (kind === "list" || kind === "string") {
      push(binary(language, filled(language, wraps.length, self), words.equal, number("0")), 0.8);
    }
  }
  for (const [index, first] of variables.entries()) {
    for (const second of variables.slice(index + 1)) {
      if (first.kind === undefined || first.kind !== second.kind) continue;
      if (first.kind !== "number" && first.kind !== "string") continue;
      const [a, b] = [atom(language, first.name), atom(language, second.name)];
      for (const sign of [words.equal, words.unequal, "<", ">"]) push(binary(language, a, sign, b), 0.9);
    }
  }
  return atoms;
}
