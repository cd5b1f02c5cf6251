import { type Operator, replace } from "../operator.ts";

/** A variable to another one in scope, those of the same kind first. */
export const variable: Operator = {
  shapes: ["identifier"],
  *drafts(node, site) {
    if (node.usage !== "read") return;
    const name = site.text(node);
    const variables = site.variables(node);
    const own = variables.find((candidate) => candidate.name === name)?.kind;
    for (const other of variables) {
      if (other.name === name) continue;
      const same = own !== undefined && other.kind === own;
      const differs = own !== undefined && other.kind !== undefined && other.kind !== own;
      yield replace(same ? "var_same" : "var", node, other.name, differs ? 0.6 : 1);
    }
  },
};
