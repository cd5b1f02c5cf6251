import type { Lesson } from "@assay/sdk";

/** What became of asking one proposer about one kind of failure. */
export type ProposerRecord = Pick<Lesson, "language" | "category" | "proposer" | "instance"> & {
  attempts: number;
  /** Attempts of which a change was accepted. */
  healed: number;
  wallMs: number;
  costMicroUsd: number;
};

/** One for each language, category, proposer and instance, in the order in which they were first seen. */
export function proposerRecords(lessons: Iterable<Lesson>): ProposerRecord[] {
  const records = new Map<string, ProposerRecord>();
  for (const { language, category, proposer, instance, accepted, wallMs, costMicroUsd } of lessons) {
    const key = JSON.stringify([language, category, proposer, instance]);
    const before = records.get(key) ?? {
      ...{ language, category, proposer, ...(instance === undefined ? {} : { instance }) },
      ...{ attempts: 0, healed: 0, wallMs: 0, costMicroUsd: 0 },
    };
    records.set(key, {
      ...before,
      attempts: before.attempts + 1,
      healed: before.healed + (accepted.length > 0 ? 1 : 0),
      wallMs: before.wallMs + wallMs,
      costMicroUsd: before.costMicroUsd + costMicroUsd,
    });
  }
  return [...records.values()];
}

/** A minute that a person waits, in US dollars: a wasted attempt costs that beside its price. */
const usdPerMinute = 0.05;

/** Of one attempt, in US dollars, waiting included; 0 for none. */
export function usdOfAttempt({ attempts, wallMs, costMicroUsd }: ProposerRecord): number {
  return attempts === 0 ? 0 : (costMicroUsd / 1e6 + (wallMs / 60_000) * usdPerMinute) / attempts;
}
