import { type CanonicalChange, canonicalChange } from "./canonical-diff.ts";
import { bySize } from "./minimality.ts";
import type { ProvenCandidate } from "./proven-candidate.ts";

/** One change, and everybody who proposed it. */
export type DistinctChange = CanonicalChange & {
  /** First the one to take: the fewest lines as written, then by id. The others are credited with it. */
  candidates: readonly [ProvenCandidate, ...ProvenCandidate[]];
};

/** Candidates that are the same change become one. Smallest first, then by digest: the order they came in tells nothing. */
export function distinctChanges(candidates: readonly ProvenCandidate[]): DistinctChange[] {
  const byDigest = new Map<string, { change: CanonicalChange; candidate: ProvenCandidate }[]>();
  for (const candidate of candidates) {
    const change = canonicalOf(candidate);
    byDigest.set(change.digest, [...(byDigest.get(change.digest) ?? []), { change, candidate }]);
  }
  return [...byDigest.values()].map(merged).sort(bySizeAndDigest);
}

/** A total order on distinct changes. */
export function bySizeAndDigest(a: CanonicalChange, b: CanonicalChange): number {
  return bySize(a.size, b.size) || (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0);
}

function merged(members: readonly { change: CanonicalChange; candidate: ProvenCandidate }[]): DistinctChange {
  const [first, ...rest] = members.toSorted(
    (a, b) =>
      a.change.linesWritten - b.change.linesWritten ||
      bySize(a.change.size, b.change.size) ||
      (a.candidate.id < b.candidate.id ? -1 : 1),
  );
  if (first === undefined) throw new Error("a change without candidates");
  return { ...first.change, candidates: [first.candidate, ...rest.map(({ candidate }) => candidate)] };
}

function canonicalOf(candidate: ProvenCandidate): CanonicalChange {
  try {
    return canonicalChange(candidate.files);
  } catch (error) {
    throw new Error(`candidate ${candidate.id} cannot be ranked: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
