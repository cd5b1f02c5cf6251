import { filled } from "../expression.ts";
import { parts } from "../node.ts";
import { type Operator, replace } from "../operator.ts";

/** A sequence to a part of it. */
export const slice: Operator = {
  shapes: ["identifier", "call", "comprehension", "member"],
  *drafts(node, site) {
    if (node.usage !== "read" || node.kind === "generator_expression") return;
    if (node.parent?.shape === "subscript" || node.parent?.shape === "member") return;
    const kind = site.kindOf(node);
    if (kind !== undefined && kind !== "list" && kind !== "string") return;
    const weight = node.shape === "member" ? 0.6 : kind === undefined ? 0.8 : 1;
    const self = site.expression(node);
    for (const view of site.language.views) {
      yield replace("slice", node, site.placed(node, filled(site.language, view, self)), weight);
    }
    if (node.shape !== "identifier") return;
    for (const variable of site.variables(node)) {
      if (variable.kind !== "number") continue;
      for (const view of site.language.viewsBy) {
        const by = { text: variable.name, precedence: site.language.precedence.primary };
        yield replace("slice", node, site.placed(node, filled(site.language, view, self, by)), weight);
      }
    }
  },
};

/** A slice's bounds added and left out; an index moved to its neighbour, the first, the last. */
export const sliceBound: Operator = {
  shapes: ["slice", "subscript"],
  *drafts(node, site) {
    if (node.shape === "subscript") {
      const index = parts(node)[1];
      if (index === undefined || index.shape === "slice" || node.usage === "name") return;
      const text = site.text(index);
      for (const other of ["0", site.language.indented ? "-1" : undefined]) {
        if (other !== undefined && other !== text) yield replace("index", index, other);
      }
      return;
    }
    // `lower : upper : step`, each of them optional: cut at the colons.
    const colons = node.children.filter((child) => child.kind === ":");
    const bounds = [node.start, ...colons.map((colon) => colon.end)].map((start, place) => ({
      start,
      end: colons[place]?.start ?? node.end,
    }));
    const numbers = site.variables(node).flatMap((variable) => (variable.kind === "number" ? [variable.name] : []));
    for (const [place, { start, end }] of bounds.entries()) {
      const given = site.tree.source.slice(start, end).trim() !== "";
      const texts = given ? [""] : [...(place === 0 ? ["1"] : place === 1 ? ["-1"] : ["2", "-1"]), ...numbers];
      for (const text of texts) yield { operator: "slice_bound", start, end, text };
    }
    if (bounds.length === 2) {
      for (const step of ["2", "-1"])
        yield { operator: "slice_bound", start: node.end, end: node.end, text: `:${step}` };
    }
  },
};
