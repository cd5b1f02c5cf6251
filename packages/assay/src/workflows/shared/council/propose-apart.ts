import { FaultError } from "#domain";
import type { Run } from "#engine";
import type { Panel, Proposer, Router } from "#ports";
import { ask, type Question } from "../repair/ask.ts";
import type { Judged } from "../repair/check.ts";
import { forwarded } from "../repair/forwarded.ts";
import { proposeAndCheck } from "../repair/propose-and-check.ts";
import { nothingSearched, type Searched, withProposal } from "../repair/searched.ts";
import type { WorkflowTools } from "../tools.ts";

/** One member's work, in a task of its own: nothing of the others is in what it is asked. */
export async function proposeApart(
  run: Run,
  tools: WorkflowTools,
  member: Proposer,
  index: number,
  router: Router,
  question: Question,
  members: readonly Proposer[],
): Promise<Searched> {
  const name = `member${index + 1}`;
  return await run.task(`council.member-${index + 1}`, async (scope) => {
    const seen: Judged[] = [];
    const own: Question = { ...question, atOnce: members.length, task: name, seen };
    const alone = { proposers: [withOwnIds(member, name)], router };
    try {
      return await work(scope, tools, member, alone, own);
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.code !== "budget-exhausted") throw error;
      // What it had proven before is not lost with what it could not pay for.
      return { ...nothingSearched, judged: seen, ...provenOf(seen), faults: [error.fault] };
    } finally {
      question.seen?.push(...seen);
    }
  });
}

async function work(
  scope: Run,
  tools: WorkflowTools,
  member: Proposer,
  alone: Panel,
  own: Question,
): Promise<Searched> {
  if (member.hypothesises !== true) return await proposeAndCheck(scope, tools, alone, own);
  const first = await ask(scope, tools, own, member, "hypothesis", { wanted: "hypothesis" });
  const { hypothesis } = first;
  const asked = hypothesis === undefined ? own : { ...own, hypothesis };
  return withProposal(await proposeAndCheck(scope, tools, alone, asked), member, first);
}

function provenOf(seen: readonly Judged[]): Pick<Searched, "proven"> {
  const proven = seen.find(({ verdict }) => verdict.kind === "accepted");
  return proven === undefined ? {} : { proven };
}

/** Two members may make the same change: each is checked in a workspace of its own, under a name of its own. */
function withOwnIds(member: Proposer, name: string): Proposer {
  const renamed = (id: string) => `${id}-${name}`;
  return {
    ...forwarded(member),
    async propose(request) {
      const proposal = await member.propose(request);
      const { ambiguity } = proposal;
      return {
        ...proposal,
        candidates: proposal.candidates.map((candidate) => ({ ...candidate, id: renamed(candidate.id) })),
        ...(ambiguity === undefined
          ? {}
          : {
              ambiguity: {
                ...ambiguity,
                results: ambiguity.results.map((one) => ({ ...one, candidate: renamed(one.candidate) })),
              },
            }),
      };
    },
  };
}
