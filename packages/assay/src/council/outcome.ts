import type { Digest } from "@assay/sdk";
import type { Ballot } from "./ballot.ts";
import type { DistinctChange } from "./distinct.ts";
import type { ChangeSize } from "./minimality.ts";

/**
 * `single`: there is but one change. `kemeny`, `borda`: the judges agree. `minimality`: they do not, and the smallest change comes first.
 */
export type RankingMethod = "single" | "kemeny" | "borda" | "minimality";

export type RankedChange = {
  /** The candidate to take. */
  candidate: string;
  /** Others that are the same change, and are credited with it. */
  sameChange: readonly string[];
  digest: Digest;
  /** The canonical one, as the judges saw it; not to be applied. */
  diff: string;
  size: ChangeSize;
  /** 0 to 1; 0.5 where nobody ranked it. */
  bordaPoints: number;
  /** What the verdicts of all these candidates rest on, sorted. */
  evidence: readonly Digest[];
};

type Published = {
  ballots: readonly Ballot[];
  /** Kendall's W over the ballots that count; absent where no two judges ranked the same two changes. */
  agreement?: number;
  /** Clauses for a person; at least one. */
  reasons: readonly string[];
};

export type CouncilOutcome =
  /** Best first. */
  | ({ kind: "ranked"; ranking: readonly [RankedChange, ...RankedChange[]]; method: RankingMethod } & Published)
  /** The changes do different things, and nobody says which is meant: inconclusive. By digest, which means nothing. */
  | ({ kind: "no-agreement"; changes: readonly RankedChange[] } & Published);

/** A change as a ranking has it. */
export function rankedChange({ candidates, digest, diff, size }: DistinctChange, points: number): RankedChange {
  const [first, ...others] = candidates;
  return {
    candidate: first.id,
    sameChange: others.map(({ id }) => id),
    digest,
    diff,
    size,
    bordaPoints: points,
    evidence: [...new Set(candidates.flatMap(({ verdict }) => verdict.evidence))].sort(),
  };
}
