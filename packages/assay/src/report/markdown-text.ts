/**
 * Text that can neither format nor link nor notify. Marks that format become character references; mentions, issue numbers
 * and bare addresses are found after references are resolved, so an empty comment keeps their parts asunder.
 * What stands between two backticks becomes a code span.
 */
export function escapeMarkdown(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? codeSpan(part.slice(1, -1)) : escapeProse(part)))
    .join("");
}

function escapeProse(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|~&"=$^@#:]|^[+\d-]|\bwww/gi, (mark) => {
    const reference = `&#${mark.charCodeAt(0)};${mark.slice(1)}`;
    return /^[@#:]$|^www$/i.test(mark) ? `${reference}<!-- -->` : reference;
  });
}

/** A code span that holds its text whatever is in it, also within a table's cell. */
export function codeSpan(text: string): string {
  const fence = fenceFor(text, 1);
  const pad = /^`|`$|^ .* $/.test(text) ? " " : "";
  return `${fence}${pad}${text.replaceAll("|", "\\|") || " "}${pad}${fence}`;
}

/** A fence longer than any in the text. */
export function fenceFor(text: string, lengthMin: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return "`".repeat(Math.max(lengthMin, longest + 1));
}
