import type { Observation } from "@assay/sdk";

/**
 * Oracle files that these runs wrote and that the base leaves alone, sorted. Code under test that writes what it is compared with
 * passes whatever it does; what the base writes by itself is output, and no change made it so.
 */
export function rewrittenOnly(runs: readonly Observation[], before: readonly string[]): string[] {
  const known = new Set(before);
  return [...new Set(runs.flatMap(({ rewritten = [] }) => rewritten))].filter((path) => !known.has(path)).sort();
}

export const rewrittenDetail =
  "files that the tests are compared with were written while they ran, which the base does not do";
