import type { Digest, RunEventBody } from "@assay/sdk";
import type { CouncilOutcome, RankedChange } from "./outcome.ts";

/** What is journaled of a ranking: all of it, with the ballots that do not count. Changes go by the candidate to take. */
export function councilRanked(outcome: CouncilOutcome): Extract<RunEventBody, { type: "council-ranked" }> {
  const changes = outcome.kind === "ranked" ? outcome.ranking : outcome.changes;
  const ids = new Map(changes.map(({ digest, candidate }) => [digest, candidate]));
  const named = (digests: readonly Digest[]) => digests.map((digest) => ids.get(digest) ?? digest);
  return {
    type: "council-ranked",
    ranking: changes.map(row),
    ballots: outcome.ballots.map((ballot) => ({
      judge: ballot.judge,
      leftOut: named(ballot.leftOut),
      ...(ballot.order === undefined ? {} : { order: named(ballot.order) }),
      ...(ballot.reversed === undefined ? {} : { reversed: named(ballot.reversed) }),
      ...(ballot.kind === "abstained" ? { abstained: ballot.reason } : {}),
    })),
    ...(outcome.agreement === undefined ? {} : { agreement: outcome.agreement }),
    method: outcome.kind === "ranked" ? outcome.method : "none",
    reasons: [...outcome.reasons],
  };
}

function row({ candidate, sameChange, digest, size, bordaPoints, evidence }: RankedChange) {
  const { linesChanged, nodesChanged, filesChanged } = size;
  const counts = { linesChanged, nodesChanged, filesChanged };
  return { candidate, sameChange: [...sameChange], change: digest, bordaPoints, ...counts, evidence: [...evidence] };
}
