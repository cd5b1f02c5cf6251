import { sanitizeLine } from "#report";

/** All that a line of the log may say besides its message. What is not here is not logged, whoever hands it in. */
export const logFields = [
  "request",
  "route",
  "method",
  "status",
  "durationMs",
  "key_id",
  "tenant",
  "run",
  "workflow",
  "outcome",
  "trace_id",
  "span_id",
  "task",
  "worker",
  "attempt",
  "circuit",
  "state",
  "code",
  "signal",
  "url",
  "position",
  "count",
  "bytes",
] as const;
export type LogFields = Partial<Record<(typeof logFields)[number], string | number | boolean>>;

const known: ReadonlySet<string> = new Set(logFields);
const charactersMax = 500;

/** Keys of ours and of providers, by their own look; what stands behind `Bearer`; names and passwords in addresses. */
const secrets = [
  /\bassay_[A-Za-z0-9_-]{8,}/g,
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /\b(?:sk-|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abeoprs]-|AIza|npm_|hf_|pypi-)[A-Za-z0-9_-]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /(?<=:\/\/)[^\s:@/]{1,100}:[^\s@/]{1,200}(?=@)/g,
  /(?<=\b(?:authorization|cookie|set-cookie|api[-_]?key|password|secret|token)["']?\s{0,4}[:=]\s{0,4}["']?)[^\s"',;}]{4,}/gi,
];

/** One line without control characters and without what looks like a credential. */
export function logText(text: string): string {
  let told = sanitizeLine(text.slice(0, 4_000));
  for (const secret of secrets) told = told.replaceAll(secret, "[redacted]");
  return told.slice(0, charactersMax);
}

/** The known fields of an object, in plain values. */
export function pickFields(given: object): Record<string, string | number | boolean> {
  const picked: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!known.has(name)) continue;
    if (typeof value === "number" || typeof value === "boolean") picked[name] = value;
    else if (typeof value === "string") picked[name] = logText(value);
  }
  return picked;
}
