import type { SyntaxNode } from "../node.ts";
import type { Draft } from "../operator.ts";
import type { OperatorName } from "../priors.ts";
import type { Site } from "../site.ts";

/** Every pair of elements changing places; what stands between them stays. */
export function* swapped(operator: OperatorName, elements: readonly SyntaxNode[], site: Site): Iterable<Draft> {
  for (const [index, first] of elements.entries()) {
    for (const second of elements.slice(index + 1)) {
      const between = site.tree.source.slice(first.end, second.start);
      const text = `${site.text(second)}${between}${site.text(first)}`;
      yield { operator, start: first.start, end: second.end, text };
    }
  }
}

/** One element and the comma beside it taken out. */
export function removed(operator: OperatorName, elements: readonly SyntaxNode[], element: SyntaxNode): Draft {
  const index = elements.indexOf(element);
  const before = elements[index - 1];
  const after = elements[index + 1];
  if (after) return { operator, start: element.start, end: after.start, text: "" };
  return { operator, start: before?.end ?? element.start, end: element.end, text: "" };
}
