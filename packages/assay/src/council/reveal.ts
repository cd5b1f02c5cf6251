// Control and format characters, lone surrogates, line separators, and letters and marks that have no picture.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\u{e0100}-\u{e01ef}]/gu;

/**
 * Code as a judge may see it: what has no picture is shown by its number (`⟦U+202E⟧`), so that nothing is said that a person would
 * not see (CVE-2021-42574; text in tag characters). Line feeds and tabs stay.
 */
export function reveal(text: string): string {
  return text.replace(unseen, (c) => {
    if (c === "\n" || c === "\t") return c;
    return `⟦U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟧`;
  });
}
