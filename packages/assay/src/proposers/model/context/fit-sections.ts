import { estimateTokens } from "./estimate-tokens.ts";
import type { Form, Section } from "./section.ts";

export type Fitted =
  /** The form of each section, `undefined` where it was left out. */
  | { kind: "fits"; chosen: (Form | undefined)[] }
  /** What the required sections need at least. */
  | { kind: "too-small"; tokensMin: number };

/**
 * Chooses a form of each section so that all together have at most `tokensMax`. First the required ones get their shortest forms, then
 * round by round each section its next fuller one, in the order of their priorities, as long as it fits: nothing grows to its
 * fullest while something else, less important, has no word.
 */
export function fitSections(sections: readonly Section[], tokensMax: number): Fitted {
  const sizes = sections.map(({ forms }) => forms.map(({ text }) => estimateTokens(text)));
  // The index of the form chosen; beyond the last: none.
  const chosen = sections.map(({ forms, required }) => (required ? forms.length - 1 : forms.length));
  const sizeOf = (section: number, form: number): number => sizes[section]?.[form] ?? 0;
  let used = chosen.reduce((sum, form, section) => sum + sizeOf(section, form), 0);
  if (used > tokensMax) return { kind: "too-small", tokensMin: used };
  const order = sections
    .map((_, index) => index)
    .sort((a, b) => (sections[a]?.priority ?? 0) - (sections[b]?.priority ?? 0));
  let open = new Set(order);
  while (open.size > 0) {
    const grown = new Set<number>();
    for (const section of order) {
      if (!open.has(section)) continue;
      const form = chosen[section] ?? 0;
      const more = sizeOf(section, form - 1) - sizeOf(section, form);
      if (form === 0 || used + more > tokensMax) continue;
      chosen[section] = form - 1;
      used += more;
      grown.add(section);
    }
    open = grown;
  }
  return { kind: "fits", chosen: sections.map(({ forms }, index) => forms[chosen[index] ?? 0]) };
}
