import type { RunId } from "#domain";
import type { LanguageModel } from "#ports";
import { agreementOf } from "./agreement.ts";
import type { Ask, Ballot } from "./ballot.ts";
import { bordaPoints } from "./borda.ts";
import { collectBallots } from "./collect-ballots.ts";
import { type DistinctChange, distinctChanges } from "./distinct.ts";
import { shortOfMajority } from "./majority.ts";
import type { Ordering, Vote } from "./ordering.ts";
import { type CouncilOutcome, type RankingMethod, rankedChange } from "./outcome.ts";
import { type ProvenCandidate, requireProven } from "./proven-candidate.ts";
import { lettersMax } from "./ranking-prompt.ts";
import { abstentions, agreementText, majorityText, smallestText, tieText, whyNotAsked } from "./reasons.ts";
import { votedOrder } from "./voted-order.ts";

/** Kendall's W from which judges count as agreeing: what is less is nearer to no order than to one. */
export const agreementMin = 0.6;

export type RankRequest = {
  runId: RunId;
  /** What failed before, as a person would read it. Data, like everything that judges are shown. */
  failureText: string;
  candidates: readonly ProvenCandidate[];
  judges: readonly LanguageModel[];
  /** Some input is known of which the candidates make different things. */
  ambiguous: boolean;
  ask: Ask;
};

/**
 * Ranks candidates that are proven; what is right was decided before, by evidence. The order of candidates and judges does not matter.
 * - Judges that agree decide: by the Kemeny ranking of their ballots, by Borda points of more than seven changes. To put anything before
 *   the smallest change takes more than half of all judges, asked or not: however half of a council votes, it cannot.
 * - Else the smallest change comes first.
 * - Of changes that are known to do different things one comes first only if more than half of all judges put it before each other
 *   one; else it is `no-agreement`.
 *
 * Throws an `Error`, a defect of the caller, for a candidate without evidence or without a change, for none at all, for two of
 * one id, and for more than 16 judges.
 */
export async function rankCandidates(request: RankRequest): Promise<CouncilOutcome> {
  const { runId, failureText, candidates, judges, ambiguous, ask } = request;
  const all = admitted(candidates);
  const changes = all.slice(0, lettersMax);
  if (all.length === 1) return ranked("single", changes, [0], { ballots: [], votes: [], reasons: [whyNotAsked(all)] });
  const ballots = await collectBallots({ runId, failureText, changes }, judges, ask);
  const votes = ballots.flatMap((ballot) => voteOf(ballot, changes));
  const agreement = agreementOf(votes);
  const left = all.length - changes.length;
  const reasons = [
    ...(left === 0 ? [] : [`the ${changes.length} smallest changes are ranked, ${left} larger ones are left out`]),
    ...abstentions(ballots),
    agreementText(votes.length, agreement, agreementMin),
  ];
  const counted: Counted = { ballots, votes, reasons, ...(agreement === undefined ? {} : { agreement }) };
  if (agreement !== undefined && agreement >= agreementMin) {
    const { order, method, unique } = votedOrder(changes.length, votes);
    const short = shortOfMajority(order, votes, ballots.length, ambiguous);
    if (short === undefined) {
      if (!unique) reasons.push(tieText);
      return ranked(method, changes, order, counted);
    }
    reasons.push(majorityText(short, changes, ballots.length));
  }
  if (ambiguous) return noAgreement(changes, counted);
  reasons.push(smallestText(changes));
  return ranked("minimality", changes, [...changes.keys()], counted);
}

type Counted = { ballots: readonly Ballot[]; votes: readonly Vote[]; agreement?: number; reasons: readonly string[] };

/** The distinct changes of candidates that may be ranked, smallest first. */
function admitted(candidates: readonly ProvenCandidate[]): DistinctChange[] {
  if (candidates.length === 0) throw new Error("there is no candidate to rank");
  const ids = new Set<string>();
  for (const candidate of candidates) {
    requireProven(candidate);
    if (ids.has(candidate.id)) throw new Error(`two candidates have the id ${candidate.id}`);
    ids.add(candidate.id);
  }
  return distinctChanges(candidates);
}

function voteOf(ballot: Ballot, changes: readonly DistinctChange[]): Vote[] {
  if (ballot.kind !== "cast") return [];
  const indexed = (digests: Ballot["leftOut"]) =>
    digests.map((digest) => changes.findIndex((change) => change.digest === digest));
  return [[indexed(ballot.order), indexed(ballot.reversed)]];
}

function ranked(
  method: RankingMethod,
  changes: readonly DistinctChange[],
  order: Ordering,
  { ballots, votes, ...rest }: Counted,
): CouncilOutcome {
  const points = bordaPoints(changes.length, votes);
  const rows = order.flatMap((item) => {
    const change = changes[item];
    return change === undefined ? [] : [rankedChange(change, points[item] ?? 0)];
  });
  const [first, ...others] = rows;
  if (first === undefined) throw new Error("a ranking of nothing");
  return { kind: "ranked", ranking: [first, ...others], method, ballots, ...rest };
}

function noAgreement(changes: readonly DistinctChange[], { ballots, votes, ...rest }: Counted): CouncilOutcome {
  const points = bordaPoints(changes.length, votes);
  const rows = changes.map((change, item) => rankedChange(change, points[item] ?? 0));
  const why = "the changes are known to do different things, and nothing says which is meant";
  return {
    kind: "no-agreement",
    changes: rows.sort((a, b) => (a.digest < b.digest ? -1 : 1)),
    ballots,
    ...rest,
    reasons: [...rest.reasons, why],
  };
}
