/** Kept of one text unless a caller says otherwise, in UTF-16 code units. */
const lengthMaxDefault = 10_000;

// CSI (colours, cursor), OSC (titles, links) and the other string sequences to the end of their line, two-character escapes.
// No part can match what the next one begins with, so that matching stays linear.
const terminalSequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\n\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;

// C0 and C1 without tab and line feed; soft hyphen, bidi marks, embeddings, overrides and isolates; zero-width and other
// invisible format characters; interlinear annotation; tag characters; variation selectors supplement; lone surrogates.
const unseen =
  /[\u034f\u17b4\u17b5\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e01ef}\p{Cs}]/gu;

/**
 * Untrusted text made fit to be shown to a person, in a terminal or a page: without terminal sequences, control
 * characters, bidirectional controls and invisible characters. Line feeds and tabs stay, other line ends become line feeds.
 * Longer than `lengthMax`, it is cut and says so. Escape it for its medium as well.
 */
export function sanitizeText(text: string, lengthMax = lengthMaxDefault): string {
  const clean = cut(text, lengthMax)
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(terminalSequences, "")
    .replace(unseen, (c) => (c === "\n" || c === "\t" ? c : ""));
  return clean + remark(text, lengthMax);
}

/** As `sanitizeText`, on one line: every run of white space becomes one space. */
export function sanitizeLine(text: string, lengthMax = 500): string {
  return sanitizeText(text, lengthMax).replace(/\s+/g, " ").trim();
}

/**
 * For code, where what cannot be seen must not be hidden either (CVE-2021-42574, "Trojan Source"): such characters are shown
 * as `⟦U+202E⟧`. One line; tabs stay.
 */
export function revealLine(text: string, lengthMax = 2_000): string {
  const shown = cut(text, lengthMax)
    .replace(/[\u2028\u2029]/g, codePointName)
    .replace(unseen, (c) => (c === "\t" ? c : c === "\r" ? "⟦CR⟧" : codePointName(c)));
  return shown + remark(text, lengthMax);
}

function codePointName(c: string): string {
  return `⟦U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟧`;
}

/** Cut first: what comes after the limit costs nothing, and a pair of surrogates is not torn apart. */
function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  return text.slice(0, lengthMax).replace(/[\ud800-\udbff]$/, "");
}

function remark(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? "" : `… (${text.length - lengthMax} more characters)`;
}
