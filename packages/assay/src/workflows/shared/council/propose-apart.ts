import type { Run } from "#engine";
import type { Proposer, Router } from "#ports";
import { ask, type Question } from "../repair/ask.ts";
import { proposeAndCheck } from "../repair/propose-and-check.ts";
import { type Searched, withProposal } from "../repair/searched.ts";
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
  return await run.task(`council.member-${index + 1}`, async (scope) => {
    const own: Question = { ...question, atOnce: members.length };
    const alone = { proposers: [member], router };
    if (member.hypothesises !== true) return await proposeAndCheck(scope, tools, alone, own);
    const first = await ask(scope, tools, own, member, "hypothesis", { wanted: "hypothesis" });
    const { hypothesis } = first;
    const asked = hypothesis === undefined ? own : { ...own, hypothesis };
    return withProposal(await proposeAndCheck(scope, tools, alone, asked), member, first);
  });
}
