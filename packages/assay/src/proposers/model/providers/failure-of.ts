import { APICallError } from "@ai-sdk/provider";
import type { Fault, FaultCode } from "@assay/sdk";
import { fault } from "#domain";

export type ProviderFailure = {
  fault: Fault;
  retryAfterMs?: number;
  /** The provider answered with a refusal before it did any work: nothing is charged. */
  free: boolean;
};

const causesMax = 5;
const messageMax = 300;
const retryAfterMsMax = 10 * 60_000;

/** What a provider's error means, in words for its user. `id` is `provider/model`; `secret` is the key, which some repeat. */
export function failureOf(error: unknown, id: string, now: number, secret: string | undefined): ProviderFailure {
  const said = (about: unknown) => withoutSecrets(sentence(about), secret);
  const call = findCall(error);
  const status = call?.statusCode;
  if (status === undefined && (call !== undefined || connectionError(error) !== undefined)) {
    const unreachable = fault("model-unreachable", `${id} cannot be reached: ${said(error)}`, "see: assay models");
    return { fault: unreachable, free: beforeSending.has(connectionError(error) ?? "") };
  }
  if (call === undefined || status === undefined || status < 400) {
    return { fault: fault("model-failed", `${id} answered what is not its protocol: ${said(error)}`), free: false };
  }
  const [code, what, remedy] = meaning(statusOf(call, status));
  const retryAfterMs = retryAfter(call.responseHeaders, now);
  const failed = fault(code, `${id} ${what} (HTTP ${status}): ${said(call)}`, remedy);
  return { fault: failed, free: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Errors of connections that never were: no request was sent. */
const beforeSending: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** The system's name of what went wrong with a connection. */
function connectionError(error: unknown): string | undefined {
  for (let inner = error, depth = 0; inner instanceof Error && depth < causesMax; inner = inner.cause, depth += 1) {
    const { code } = inner as NodeJS.ErrnoException;
    if (typeof code === "string" && /^(?:E[A-Z]+|EAI_[A-Z]+|UND_ERR_[A-Z_]+)$/.test(code)) return code;
  }
  return undefined;
}

/** What a status means where a provider uses another than HTTP has for it. */
function statusOf({ responseBody = "" }: APICallError, status: number): number {
  // A quota that is used up comes as a 429, and no waiting mends it.
  if (status === 429 && /"(?:insufficient_quota|billing_hard_limit_reached)"/.test(responseBody)) return 402;
  if (status === 400 && responseBody.includes('"API_KEY_INVALID"')) return 401;
  return status;
}

function meaning(status: number): [FaultCode, string, string?] {
  if (status === 401 || status === 403) {
    return ["model-unauthorized", "does not accept the key", "set the provider's key; `assay models` says which"];
  }
  if (status === 404) return ["model-not-found", "is not there", "`assay models` lists what the provider has"];
  if (status === 402) return ["model-rejected", "wants to be paid first", "add credit with the provider"];
  if (status === 429) return ["model-rate-limited", "is asked too often", "wait, or use another model"];
  if (status >= 500) return ["model-failed", "failed"];
  return ["model-rejected", "rejected the request"];
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3); some send milliseconds under a name of their own. */
function retryAfter(headers: Record<string, string> | undefined, now: number): number | undefined {
  const ms = Number(headers?.["retry-after-ms"]);
  if (Number.isFinite(ms) && ms > 0) return Math.min(ms, retryAfterMsMax);
  const value = headers?.["retry-after"];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  const delay = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isFinite(delay) ? Math.min(Math.max(0, delay), retryAfterMsMax) : undefined;
}

/** The SDK wraps: the call's own error may be the cause of another. */
function findCall(error: unknown): APICallError | undefined {
  for (let inner = error, depth = 0; inner instanceof Error && depth < causesMax; inner = inner.cause, depth += 1) {
    if (APICallError.isInstance(inner)) return inner;
  }
  return undefined;
}

const secretMark = "[redacted]";

/** The key itself, and what looks like one: providers, gateways and clients repeat what they were sent. */
function withoutSecrets(text: string, secret: string | undefined): string {
  const known = secret === undefined || secret === "" ? text : text.replaceAll(secret, secretMark);
  return known
    .replaceAll(/\b(Bearer|Basic)\s+[^\s"',;]+/gi, `$1 ${secretMark}`)
    .replaceAll(/\b(?:sk|pk|gsk|AIza|xai)[-_]?[A-Za-z0-9_-]{12,}/g, secretMark)
    .replaceAll(/:\/\/[^\s/@]+@/g, `://${secretMark}@`);
}

/** One line, bounded: a provider's text is not ours. */
function sentence(error: unknown): string {
  let inner = error;
  // `fetch failed` says nothing; what it was caused by does.
  while (inner instanceof Error && inner.cause instanceof Error && !APICallError.isInstance(inner)) inner = inner.cause;
  const text = inner instanceof Error ? inner.message || inner.name : String(inner);
  return text.replaceAll(/\s+/g, " ").trim().slice(0, messageMax);
}
