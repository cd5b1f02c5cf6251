/** Control, format and surrogate characters but line feed and tab: what a project prints must not draw on somebody's screen. */
const unseen = /[^\P{C}\n\t]/gu;

/** Untrusted text with its line ends made one kind and without what cannot be seen; cut, and saying so, behind `lengthMax`. */
export function visible(text: string, lengthMax: number): string {
  const cut = text.length <= lengthMax ? text : text.slice(0, lengthMax);
  const clean = cut.replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n").replace(unseen, "");
  return text.length <= lengthMax ? clean : `${clean}… (${text.length - lengthMax} more characters)`;
}

/** On one line. */
export function visibleLine(text: string, lengthMax = 500): string {
  return visible(text, lengthMax).replace(/\s+/g, " ").trim();
}

/** As a block of Markdown that nothing in the text can end. */
export function fenced(text: string, info = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${info}\n${text.replace(/\n$/, "")}\n${fence}`;
}
