import type { LanguageModel } from "#ports";
import { type Ask, type Ballot, type BallotQuestion, castBallot } from "./ballot.ts";

/** Every judge is asked two to four times. */
const judgesMax = 16;

/**
 * Ballots of all judges, who are asked at the same time, sorted by their ids; of several of one id, one is asked. Waits for all, then
 * throws the first failure in that order, if any. Throws a `RangeError` for more than 16 judges.
 */
export async function collectBallots(
  question: BallotQuestion,
  judges: readonly LanguageModel[],
  ask: Ask,
): Promise<Ballot[]> {
  const byId = new Map(judges.map((judge) => [judge.description.id, judge]));
  if (byId.size > judgesMax) throw new RangeError(`${byId.size} judges, and at most ${judgesMax} can be asked`);
  const sorted = [...byId.values()].sort((a, b) => (a.description.id < b.description.id ? -1 : 1));
  const outcomes = await Promise.allSettled(sorted.map((judge) => castBallot(question, judge, ask)));
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}
