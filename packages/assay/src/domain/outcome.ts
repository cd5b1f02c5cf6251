import type { TestOutcome } from "@assay/sdk";

/** True for an outcome that speaks against the code: to be healed, never to be overlooked. False for a test that was not there. */
export function isRed(outcome: TestOutcome | undefined): boolean {
  return outcome === "failed" || outcome === "errored" || outcome === "timed-out";
}
