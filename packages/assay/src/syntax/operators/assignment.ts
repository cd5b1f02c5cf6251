import { parts } from "../node.ts";
import { type Operator, replace } from "../operator.ts";

/** `x += y` to `x = y` and back. */
export const assignment: Operator = {
  shapes: ["assign", "augmented-assign"],
  *drafts(node) {
    const target = parts(node)[0];
    const token = node.children.find((child) => !child.named && child.kind.endsWith("="));
    if (target === undefined || token === undefined) return;
    if (node.shape === "augmented-assign") {
      yield replace("aug2assign", token, "=");
      return;
    }
    if (!["identifier", "subscript", "member"].includes(target.shape)) return;
    if (node.children.some((child) => child.shape === "type")) return;
    for (const sign of ["+=", "-=", "*="]) yield replace("assign2aug", token, sign);
  },
};

/** Another variable, element or attribute as the target. */
export const target: Operator = {
  shapes: ["identifier", "subscript", "member"],
  *drafts(node, site) {
    const parent = node.parent;
    if (node.usage !== "write" || (parent?.shape !== "assign" && parent?.shape !== "augmented-assign")) return;
    const text = site.text(node);
    if (node.shape === "identifier") {
      for (const variable of site.variables(node))
        if (variable.name !== text) yield replace("lhs", node, variable.name);
    }
    for (const donor of site.donors(node)) {
      if (donor.node.shape !== "subscript" && donor.node.shape !== "member") continue;
      if (donor.expression.text !== text) yield replace("lhs", node, donor.expression.text);
    }
  },
};
