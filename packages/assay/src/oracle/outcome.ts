import type { TestOutcome } from "@assay/sdk";

/** True for an outcome that speaks against the code: to be healed, never to be overlooked. */
export function isRed(outcome: TestOutcome): boolean {
  return outcome === "failed" || outcome === "errored" || outcome === "timed-out";
}
