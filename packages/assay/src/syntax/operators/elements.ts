import { parts } from "../node.ts";
import { type Operator, replace } from "../operator.ts";
import { removed, swapped } from "./list-edits.ts";

const swappable = new Set(["list", "tuple", "set"]);

/** Elements swapped, a list nested, an empty list filled, the last elements left out. */
export const elements: Operator = {
  shapes: ["list", "tuple", "set", "subscript", "map"],
  *drafts(node, site) {
    const items = parts(node);
    if (node.shape === "subscript") {
      if (items.length > 2) yield* swapped("swap_elem", items.slice(1), site);
      return;
    }
    if (node.usage !== "read") return;
    if (swappable.has(node.shape)) yield* swapped("swap_elem", items.slice(0, 8), site);
    if (node.shape === "list" && items.length > 1) {
      for (const item of items.slice(0, 8)) yield removed("drop_arg", items, item);
    }
    if (node.shape !== "list") return;
    yield replace("list_nest", node, `[${site.text(node)}]`);
    if (items.length > 0) return;
    for (const variable of site.variables(node)) yield replace("list_fill", node, `[${variable.name}]`);
    for (const text of ["0", "1"]) yield replace("list_fill", node, `[${text}]`);
  },
};
