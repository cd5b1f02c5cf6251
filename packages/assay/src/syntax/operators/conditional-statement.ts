import { atom, binary, type Expression, filled } from "../expression.ts";
import { startsLine } from "../layout.ts";
import { parts, type SyntaxNode } from "../node.ts";
import { type Draft, type Operator, replace } from "../operator.ts";
import { isStatement, type Site } from "../site.ts";
import { guarded } from "./exits.ts";
import { indentedBy } from "./insertion.ts";

const conditionsMax = 60;

/** A statement carried out only under a condition over what the function speaks of. */
export const conditionalStatement: Operator = {
  shapes: ["expression-statement", "return", "throw", "break", "continue"],
  *drafts(node, site): Iterable<Draft> {
    const text = site.text(node);
    if (!isStatement(node) || site.functionAround(node) === undefined || text.includes("\n")) return;
    if (parts(node)[0]?.shape === "string" || !startsLine(site.tree.source, node)) return;
    for (const condition of simpleConditions(node, site)) {
      yield replace("wrap_if", node, indentedBy(node, guarded(site, condition.text, text), site));
    }
  },
};

/** Conditions of the function, and equality and order of the variables in scope. */
function simpleConditions(node: SyntaxNode, site: Site): Expression[] {
  const { language } = site;
  const { words, wraps } = language;
  const found = new Map<string, Expression>();
  const push = (expression: Expression): void => {
    if (found.size < conditionsMax) found.set(expression.text, expression);
  };
  for (const donor of site.donors(node)) if (donor.kind === "boolean") push(donor.expression);
  const variables = site.variables(node);
  for (const [index, one] of variables.entries()) {
    for (const other of variables.slice(index + 1)) {
      if (one.kind !== undefined && other.kind !== undefined && one.kind !== other.kind) continue;
      const [a, b] = [atom(language, one.name), atom(language, other.name)];
      for (const sign of [words.equal, words.unequal]) push(binary(language, a, sign, b));
    }
  }
  for (const { name, kind } of variables) {
    push(atom(language, name));
    if (kind === undefined) push(filled(language, wraps.notNull, atom(language, name)));
  }
  return [...found.values()];
}
