import { redactedMark } from "./marks.ts";

/** Characters of a line that are looked at; a longer line is cut there before it is shown. */
export const lineCharactersMax = 4_000;

const keyBegins = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const keyEnds = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;

/** Beginnings that only a provider's tokens have. */
const tokens = [
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30}/,
  /\bgithub_pat_[A-Za-z0-9_]{20}/,
  /\bglpat-[A-Za-z0-9_-]{16}/,
  /\bsk-[A-Za-z0-9_-]{20}/,
  /\b[sr]k_live_[A-Za-z0-9]{16}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10}/,
  /\bAIza[A-Za-z0-9_-]{30}/,
  /\bnpm_[A-Za-z0-9]{30}/,
  /\bpypi-[A-Za-z0-9_-]{30}/,
  /\bhf_[A-Za-z0-9]{30}/,
  /\bSG\.[A-Za-z0-9_-]{16}\./,
  /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10}/,
  /:\/\/[^\s:@/'"]{1,100}:[^\s:@/'"${}<>]{3,200}@/,
] as const;

const secretName =
  "(?:passw(?:or)?d|pwd|passphrase|secret|token|api_?-?key|access_?-?key|private_?-?key|credentials?|authorization)";
/**
 * A literal of six characters or more without holes, e.g. `password = "hunter22"`, also behind a type, a prefix, a bracket or the name
 * of a variable that it stands in for.
 */
const assigned = new RegExp(
  `${secretName}\\w{0,30}["']?\\s{0,20}(?:[:=,(](?!=)[^=;]{0,60}?){1,3}[brfuBRFU]{0,2}["'\`][^"'\`\${}<>]{6,500}["'\`]`,
  "i",
);
/** As in a shell or an environment file; a value with a digit in it, to the end of the line. */
const exported =
  /^\s{0,20}(?:export )?[A-Z0-9_]{0,60}(?:PASSWORD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY)[A-Z0-9_]{0,30}=(?=\D{0,200}\d)[A-Za-z0-9+/_.=-]{10,500}\s{0,20}$/;

/**
 * Lines that look like credentials, each replaced by a mark behind its indentation; a private key from its first line to its last.
 * `names`: also literals that are assigned to names such as `password`; without it, as for tests, only what is a credential by its
 * own look. It errs on the side of leaving out, and is no proof that nothing is left in.
 */
export function redactLines(lines: readonly string[], names = true): string[] {
  let inKey = false;
  return lines.map((line) => {
    const text = line.slice(0, lineCharactersMax);
    const begins = keyBegins.test(text);
    const secret = inKey || begins || isSecret(text, names);
    if (begins || inKey) inKey = !keyEnds.test(text);
    return secret ? `${line.slice(0, line.length - line.trimStart().length)}${redactedMark}` : line;
  });
}

function isSecret(line: string, names: boolean): boolean {
  if (tokens.some((token) => token.test(line))) return true;
  return names && (assigned.test(line) || exported.test(line));
}
