import { atom, binary } from "../expression.ts";
import { type Draft, type Operator, replace } from "../operator.ts";

const untouched = new Set(["number", "string", "true", "false", "null", "template", "lambda", "parenthesized", "this"]);
const joined = new Set(["list", "string", "number"]);
const joinable = new Set(["comprehension", "binary", "call", "identifier", "list"]);

/** An expression to another one of the same function; a value joined with a variable. */
export const donor: Operator = {
  *drafts(node, site): Iterable<Draft> {
    if (untouched.has(node.shape) || node.usage !== "read" || node.parent?.shape === "expression-statement") return;
    const kind = site.kindOf(node);
    const own = site.text(node);
    for (const { expression, node: from, kind: other } of site.donors(node)) {
      if (expression.text === own) continue;
      const simple = from.shape === "identifier" || from.shape === "number" || from.shape === "string";
      if (simple && node.shape === "identifier") continue;
      const differs = kind !== undefined && other !== undefined && kind !== other;
      const operator = from.shape === "identifier" ? "expr2var" : "donor_expr";
      yield replace(operator, node, site.placed(node, expression), differs ? 0.5 : 1);
    }
    const parent = node.parent?.shape ?? "other";
    if (!joinable.has(node.shape) || !["return", "assign", "declarator", "yield"].includes(parent)) return;
    for (const variable of site.variables(node)) {
      if (variable.kind === undefined || !joined.has(variable.kind) || variable.name === own) continue;
      if (kind !== undefined && kind !== variable.kind) continue;
      const [a, b] = [atom(site.language, variable.name), site.expression(node)];
      yield replace("concat", node, site.placed(node, binary(site.language, a, "+", b)));
      yield replace("concat", node, site.placed(node, binary(site.language, b, "+", a)));
    }
  },
};
