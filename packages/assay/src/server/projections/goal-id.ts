import type { Digest, Goal } from "@assay/sdk";
import { illFormed } from "#domain";
import { canonicalJson, digestOf } from "#ports";

/** Digest of a goal in canonical JSON; `undefined` for one that has no such form: older versions took them. */
export function goalIdOf(goal: Goal): Digest | undefined {
  return illFormed(goal) === undefined ? digestOf(canonicalJson(goal)) : undefined;
}
