const commentStart = /^(?:#|\/\/|\/\*|--)/;
const ellipsis = /\.\.\.|…/;
const unchanged =
  /\b(?:rest of|unchanged|existing code|remain(?:s|ing|der)|same as|as before|omitted|other (?:code|functions|methods))\b|^\W*(?:\.{3}|…)\W*$/i;
const lineCharactersMax = 200;

/** Why a file's new text is not the whole file, where a comment says that code was left out, e.g. `# ... rest unchanged`. */
export function leavesOut(path: string, before: string | undefined, after: string): string | undefined {
  const known = new Set((before ?? "").split("\n").map((line) => line.trim()));
  for (const [index, line] of after.split("\n").entries()) {
    const text = line.trim().slice(0, lineCharactersMax);
    if (!commentStart.test(text) || !ellipsis.test(text) || !unchanged.test(text) || known.has(line.trim())) continue;
    return `line ${index + 1} of ${path} would be ${JSON.stringify(text)}: code must be written out, nothing may be left out`;
  }
  return undefined;
}
