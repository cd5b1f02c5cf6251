/**
 * What can be taken out of the simulated system, to show that the simulation notices when it is missing.
 * - `appends-anywhere`: the journal does not compare `expectedSeq`.
 * - `believes-owners-dead`: a lease is claimed without asking whether its owner lives.
 * - `forgets-keys`: the journal does not know an idempotency key again.
 * - `acknowledges-unsynced`: an append is acknowledged when it is written, not when it is synced.
 * - `loses-synced`: the disk takes back what it said it had.
 * - `repeats-effects`: what is outside does not know an effect again by its key.
 * - `ignores-tokens`: the queue takes a result whatever token it comes with.
 */
export const weaknesses = [
  "appends-anywhere",
  "believes-owners-dead",
  "forgets-keys",
  "acknowledges-unsynced",
  "loses-synced",
  "repeats-effects",
  "ignores-tokens",
] as const;
/** `opens-unsynced`: a store that was killed begins again without syncing what it finds written. Needs two crashes within a moment: see its test. */
export type Weakness = (typeof weaknesses)[number] | "opens-unsynced";
