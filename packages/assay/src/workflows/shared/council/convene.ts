import type { ClassifiedFailure } from "@assay/sdk";
import { councilRanked, isAccepted, rankCandidates } from "#council";
import { FaultError } from "#domain";
import type { Run } from "#engine";
import type { Council, Router } from "#ports";
import type { Question } from "../repair/ask.ts";
import { addUp, nothingSearched, type Searched } from "../repair/searched.ts";
import type { WorkflowTools } from "../tools.ts";
import { candidateOf, type Proven } from "./candidate-of.ts";
import { compareProven } from "./compare-proven.ts";
import { Polling } from "./polling.ts";
import { proposeApart } from "./propose-apart.ts";

/** What a council came to; `undecided`: several changes are proven, and why nobody can say which is meant. */
export type Convened = Searched & { undecided?: readonly string[] };

const failureCharactersMax = 4_000;

/**
 * Every member proposes without sight of the others, a hypothesis first; what they propose is checked like anything else. Only what is
 * accepted is ranked, anonymously. Without evidence there is nothing to rank, and without agreement where it matters nothing is taken.
 */
export async function convene(
  run: Run,
  tools: WorkflowTools,
  { members, judges }: Council,
  router: Router,
  question: Question,
): Promise<Convened> {
  const apart = members.map(
    (member, index) => () => proposeApart(run, tools, member, index, router, question, members),
  );
  const all = await run.all(apart, { concurrency: members.length });
  const { proven: _one, ambiguity: _its, ...total } = all.reduce(addUp, nothingSearched);
  const proven = all.flatMap(({ proven: judged }): Proven[] =>
    judged !== undefined && isAccepted(judged.verdict) ? [{ ...judged, verdict: judged.verdict }] : [],
  );
  const exhausted = total.faults.find(({ code }) => code === "budget-exhausted");
  if (proven.length === 0 && exhausted !== undefined) throw new FaultError(exhausted);
  if (proven.length === 0) return total;

  const candidates = [];
  for (const judged of proven) candidates.push(await candidateOf(run, tools, question.subject, judged, judges));
  const difference = await compareProven(run, tools, question.subject, proven, candidates);
  const polling = new Polling(run, tools.blobs);
  const outcome = await rankCandidates({
    runId: run.id,
    failureText: failureText(question.failures),
    candidates,
    judges,
    ambiguous: difference !== undefined || all.some(({ ambiguity }) => ambiguity !== undefined),
    ask: (key, model, request) => polling.ask(key, model, request),
  });
  await polling.tell(outcome);
  await run.emit(councilRanked(outcome));
  if (outcome.kind === "no-agreement") return { ...total, undecided: outcome.reasons };
  const [first] = outcome.ranking;
  const winner = all.find(({ proven: judged }) => judged?.candidate.id === first.candidate);
  if (winner === undefined) throw new Error(`the council chose ${first.candidate}, which nobody proposed`);
  const { ambiguity = difference, uncompared } = winner;
  return {
    ...total,
    ...(winner.proven === undefined ? {} : { proven: winner.proven }),
    ...(ambiguity === undefined ? {} : { ambiguity }),
    ...(uncompared === undefined ? {} : { uncompared }),
  };
}

/** As a person would read it. */
function failureText(failures: readonly ClassifiedFailure[]): string {
  const told = failures.map(({ failure, tests }) => `${tests.join(", ")}\n${failure.type}: ${failure.message}`);
  return told.join("\n\n").slice(0, failureCharactersMax);
}
