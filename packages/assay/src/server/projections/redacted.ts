/** What such a field holds is not shown, whatever it is. */
const secretName = /key|token|secret|password|credential|authorization|cookie|passphrase|auth$/i;
/** Names of environment variables that hold a key say where it is, not what it is. */
const sourceName = /^keyEnv$/i;
const hidden = "redacted";

/**
 * A copy without secrets: by the name of what holds them, and in URLs. Environments, headers and what programs are called with are
 * hidden whole, but for how much there is. Pure.
 */
export function redacted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value === "string") return withoutUserinfo(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, shownAs(name, held)]));
}

function shownAs(name: string, held: unknown): unknown {
  if (/^command$/i.test(name)) return commandWithoutArguments(held);
  if (/^arg(ument)?s$/i.test(name) && Array.isArray(held)) return held.map(() => hidden);
  return isHidden(name, held) ? hideIn(held) : redacted(held);
}

/** The program, and how many words it is called with. */
function commandWithoutArguments(held: unknown): unknown {
  if (Array.isArray(held)) return held.map((word, index) => (index === 0 ? redacted(word) : hidden));
  if (typeof held !== "string") return redacted(held);
  const [program, ...words] = held.trim().split(/\s+/);
  return [redacted(program), ...words.map(() => hidden)].join(" ");
}

function isHidden(name: string, held: unknown): boolean {
  if (/^(env|headers)$/i.test(name)) return true;
  return secretName.test(name) && !sourceName.test(name) && typeof held !== "number" && typeof held !== "boolean";
}

/** The names of what is hidden stay, where it has names. */
function hideIn(held: unknown): unknown {
  if (typeof held !== "object" || held === null || Array.isArray(held)) return hidden;
  return Object.fromEntries(Object.keys(held).map((name) => [name, hidden]));
}

/** `https://user:password@host/?key=…` keeps its scheme, host and path. */
function withoutUserinfo(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username === "" && url.password === "" && url.search === "") return text;
  const from = `${url.protocol}//${url.host}${url.pathname}`;
  return url.search === "" ? from : `${from}?${hidden}`;
}
