import { estimateTokens } from "./estimate-tokens.ts";
import { fitSections } from "./fit-sections.ts";
import type { Section } from "./section.ts";

/** Tokens kept for saying what was left out. */
const remarkTokens = 120;

export type FittedContext =
  | { kind: "fits"; text: string; shown: string[] }
  /** Tokens that the least needs. */
  | { kind: "too-small"; tokensMin: number };

/** Sections, each under its name, in as many tokens as there are; what had to be left out is named at the end. */
export function contextOf(sections: readonly Section[], tokensMax: number): FittedContext {
  const titled = sections.map((section) => ({
    ...section,
    forms: section.forms.map((form) => ({ ...form, text: `## ${capitalised(section.name)}\n\n${form.text}\n\n` })),
  }));
  const fitted = fitSections(titled, tokensMax - remarkTokens);
  if (fitted.kind === "too-small") return { kind: "too-small", tokensMin: fitted.tokensMin + remarkTokens };
  const whole = new Set(fitted.chosen.flatMap((form) => form?.whole ?? []));
  const texts = fitted.chosen.flatMap((form, index) => {
    const isKnown = sections[index]?.excerpt === true && form?.files.every((file) => whole.has(file));
    return form === undefined || isKnown ? [] : form.text.trimEnd();
  });
  const missing = sections.filter((_, index) => fitted.chosen[index] === undefined).map(({ name }) => name);
  if (missing.length > 0) texts.push(`For want of room, nothing is shown of: ${missing.join(", ")}.`);
  const shown = [...new Set(fitted.chosen.flatMap((form) => form?.files ?? []))].sort();
  return { kind: "fits", text: texts.join("\n\n"), shown };
}

/** Tokens of a text with what a provider puts around a message. */
export function messageTokens(text: string): number {
  return estimateTokens(text) + 8;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
