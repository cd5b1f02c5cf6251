import { atom, binary, type Expression, filled, negation } from "../expression.ts";
import { type SyntaxNode, walk } from "../node.ts";
import type { Donor, Site } from "../site.ts";
import { conditionAtoms } from "./condition.ts";

type Operand = Pick<Donor, "expression" | "kind">;

const conditionsMax = 1_500;
/** Expressions of the function that are compared with one another. */
const comparedMax = 24;

/**
 * Conditions over what the function around the node speaks of and knows there, simple ones first: for a place of which it is known that
 * some condition would do.
 */
export function richConditions(node: SyntaxNode, site: Site): Expression[] {
  const found = new Map<string, Expression>();
  const push = (expression: Expression): void => {
    if (found.size < conditionsMax && !found.has(expression.text)) found.set(expression.text, expression);
  };
  const later = writtenLater(node, site);
  const speaksOfLater = ({ text }: Expression): boolean =>
    (text.match(/[\w$]+/g) ?? []).some((name) => later.has(name));
  for (const { expression } of conditionAtoms(node, site)) if (!speaksOfLater(expression)) push(expression);
  const spoken = site.donors(node).filter((donor) => isUsable(donor, later, site));
  const operands = new Map<string, Operand>(spoken.map((donor) => [donor.expression.text, donor]));
  for (const { name, kind } of site.variables(node)) {
    if (!later.has(name)) operands.set(name, { expression: atom(site.language, name), kind });
  }
  const donors = [...operands.values()].sort((a, b) => a.expression.text.length - b.expression.text.length);
  for (const donor of donors) for (const expression of aboutOne(donor, site)) push(expression);
  for (const expression of comparisons(donors.slice(0, comparedMax), site)) push(expression);
  return [...found.values()];
}

function* aboutOne({ expression, kind }: Operand, site: Site): Iterable<Expression> {
  const { language } = site;
  const { words, wraps } = language;
  if (kind === undefined || kind === "boolean") {
    yield expression;
    yield negation(language, expression);
  }
  if (kind === undefined) {
    yield filled(language, wraps.isNull, expression);
    yield filled(language, wraps.notNull, expression);
  }
  if (kind === "list" || kind === "string") {
    const length = filled(language, wraps.length, expression);
    for (const sign of [words.equal, ">"]) yield binary(language, length, sign, atom(language, "0"));
  }
  if (kind === undefined || kind === "number") {
    for (const sign of [words.equal, "<", ">"]) {
      for (const value of ["0", "1"]) yield binary(language, expression, sign, atom(language, value));
    }
  }
}

function* comparisons(donors: readonly Operand[], site: Site): Iterable<Expression> {
  const { language } = site;
  for (const [index, a] of donors.entries()) {
    for (const b of donors.slice(index + 1)) {
      const comparable = a.kind === undefined || b.kind === undefined || a.kind === b.kind;
      if (!comparable || a.kind === "function" || b.kind === "function") continue;
      for (const sign of ["<", ">", "<=", ">=", language.words.equal, language.words.unequal]) {
        yield binary(language, a.expression, sign, b.expression);
      }
    }
  }
  if (language.binary["not in"] === undefined) return;
  for (const a of donors) {
    for (const b of donors) {
      const container = b.kind === undefined || ["list", "set", "map", "string"].includes(b.kind);
      if (a !== b && container)
        for (const sign of ["in", "not in"]) yield binary(language, a.expression, sign, b.expression);
    }
  }
}

/** Variables of the function that have no value before the node. */
function writtenLater(node: SyntaxNode, site: Site): ReadonlySet<string> {
  const home = site.functionAround(node);
  const first = new Map<string, number>();
  for (const name of home ? walk(home) : []) {
    if (name.shape !== "identifier" || name.usage !== "write") continue;
    const text = site.text(name);
    if (!first.has(text)) first.set(text, name.start);
  }
  const parameters = new Set(
    site
      .variables(node)
      .filter((variable) => variable.parameter)
      .map(({ name }) => name),
  );
  return new Set(
    [...first].filter(([name, start]) => start >= node.start && !parameters.has(name)).map(([name]) => name),
  );
}

function isUsable({ node, kind }: Donor, later: ReadonlySet<string>, site: Site): boolean {
  if (node.usage === "write" || kind === "function" || node.shape === "await") return false;
  if (["number", "string", "true", "false", "null"].includes(node.shape)) return node.shape === "string";
  for (const name of walk(node)) if (name.shape === "identifier" && later.has(site.text(name))) return false;
  return true;
}
