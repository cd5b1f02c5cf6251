/** What a request broke. */
export type Rule =
  | "route"
  | "content-type"
  | "key-missing"
  | "key-unknown"
  | "version-missing"
  | "json"
  | "shape"
  | "model-unknown"
  | "roles"
  | "system-placement"
  | "empty-content"
  | "tool-pairing"
  | "output-tokens"
  | "temperature"
  | "schema"
  /** The request was sound; the test's script had no reply for it. */
  | "script";

export type Problem = { rule: Rule; message: string };

/** A problem of one request; `request` is its number, from 1. */
export type Violation = Problem & { request: number; path: string };

/** Throws an error that lists the violations, if there are any. */
export function assertNone(violations: readonly Violation[]): void {
  if (violations.length === 0) return;
  const lines = violations.map((one) => `- request ${one.request} (${one.path}): ${one.rule}: ${one.message}`);
  throw new Error(`The model server was asked wrongly:\n${lines.join("\n")}`);
}
