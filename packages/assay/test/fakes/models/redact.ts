import type { IncomingHttpHeaders } from "node:http";

/** Headers that carry secrets. */
const secretHeaders = new Set([
  "authorization",
  "x-api-key",
  "x-goog-api-key",
  "api-key",
  "proxy-authorization",
  "cookie",
  "set-cookie",
]);

const redacted = "[redacted]";

/** Headers without what they keep secret. */
export function redactHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    safe[name] = secretHeaders.has(name.toLowerCase()) ? redacted : String(value);
  }
  return safe;
}

/** A path without the key that Google takes there. */
export function redactPath(path: string): string {
  return path.replace(/([?&]key=)[^&]*/g, `$1${redacted}`);
}

/** A shorter value is no secret, and may be a word of the text. */
const secretCharactersMin = 8;

/** The secret values of headers and path, so that they can be looked for elsewhere. */
export function secretsOf(headers: IncomingHttpHeaders, query: URLSearchParams): string[] {
  const values = Object.entries(headers)
    .filter(([name]) => secretHeaders.has(name.toLowerCase()))
    .map(([, value]) => String(value).replace(/^(Bearer|Basic) /i, ""));
  return [...values, query.get("key") ?? ""].filter((value) => value.length >= secretCharactersMin);
}

/** What keys of well-known providers look like. */
const keyPattern = /\b(?:sk-|gsk_|xai-|hf_|AIza|ghp_)[A-Za-z0-9_-]{16,}/g;

/** Text in which none of the secrets occurs, nor anything that looks like a key. */
export function redactText(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, redacted), text).replace(keyPattern, redacted);
}
