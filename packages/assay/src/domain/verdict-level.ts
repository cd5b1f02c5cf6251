import type { Provenance, VerdictLevel } from "@assay/sdk";

const strength: Record<VerdictLevel, number> = { "in-process": 0, controlled: 1, "out-of-process": 2 };

export function isAtLeast(level: VerdictLevel, minimum: VerdictLevel): boolean {
  return strength[level] >= strength[minimum];
}

/** The strongest of some levels; `in-process` for none. */
export function strongest(levels: readonly VerdictLevel[]): VerdictLevel {
  return levels.reduce<VerdictLevel>((a, b) => (strength[a] >= strength[b] ? a : b), "in-process");
}

/**
 * What a candidate's origin needs (design section 7). Search and taking back hunks write only code that this program
 * derived from the project itself; whatever was written by a model, an agent or a person could try to fool an in-process runner.
 */
export function minLevelFor(proposer: Provenance["proposer"]): VerdictLevel {
  return proposer === "search" || proposer === "recent-hunks" ? "in-process" : "controlled";
}
