import { revealedMark } from "./marks.ts";

// Control characters but tab and line feed, bidirectional controls, zero-width and other invisible characters, tags, lone surrogates.
const unseen =
  /[^\P{Cc}\n\t]|[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e01ef}]|\p{Cs}/gu;

/** Characters that cannot be seen by their names: a model shall see what a compiler sees (CVE-2021-42574, "Trojan Source"). */
export function reveal(text: string): string {
  return text.replace(unseen, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `${revealedMark}${code}⟧`;
  });
}
