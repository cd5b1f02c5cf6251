import { raise } from "#domain";
import { canonicalJson } from "#ports";

/** Deeper than any document of ours; keeps recursive readers far from the end of the stack. */
const depthMax = 32;

/**
 * Parses bytes that must be exactly the RFC 8785 canonical JSON of their value: one spelling for one value, so
 * duplicate keys, white space, other escapes and a byte-order mark are all refused.
 * Throws a `FaultError` of code `receipt-invalid`; `what` names the document in its message.
 */
export function parseCanonicalJson(bytes: Uint8Array, what: string): unknown {
  const invalid = (why: string): never => raise("receipt-invalid", `${what} ${why}`);
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return invalid("is not UTF-8");
  }
  if (nestingOf(text) > depthMax) return invalid(`is nested deeper than ${depthMax} levels`);
  try {
    value = JSON.parse(text);
  } catch {
    return invalid("is not JSON");
  }
  if (canonicalOf(value) !== text) return invalid("is not in canonical form");
  return value;
}

/** Lone surrogates and the like have no canonical form. */
function canonicalOf(value: unknown): string | undefined {
  try {
    return canonicalJson(value);
  } catch {
    return undefined;
  }
}

/** How deep brackets are nested, strings left out; exact for valid JSON. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === "\\") i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === "{" || c === "[") deepest = Math.max(deepest, ++depth);
    else if (c === "}" || c === "]") depth--;
  }
  return deepest;
}
