import { addSpending, nothingSpent } from "#domain";
import type { Run } from "#engine";
import type { Panel, Proposal, Proposer, Seat, TriedCandidate } from "#ports";
import { ask, type Question } from "./ask.ts";
import { type Case, checkCandidate, type Judged } from "./check.ts";
import { failuresWith } from "./failures-with.ts";
import type { RepairTools } from "./goal.ts";
import { withOpinions } from "./opinions.ts";
import { checkRivals } from "./rivals.ts";
import { route } from "./route.ts";
import { nothingSearched, proposerKey, type Searched, withProposal } from "./searched.ts";

/** A seat with its proposer, and where that stopped. */
type Member = { proposer: Proposer; seat: Seat; cursor?: string | undefined };

/**
 * Asks, batch by batch, whom the router chooses, and checks what they propose until a candidate is accepted or nobody has anything
 * left. What a batch and a check may cost at most is set aside before, and settled after. Everyone is told what was tried before.
 * `batchesMax` is for each proposer that could go on for long.
 */
export async function proposeAndCheck(
  run: Run,
  tools: RepairTools,
  panel: Panel,
  question: Question,
  batchesMax = Number.POSITIVE_INFINITY,
): Promise<Searched> {
  const members = panel.proposers.map(memberOf);
  const earlier: TriedCandidate[] = [];
  const opinions: string[] = [];
  let searched = nothingSearched;
  for (let turn = 1; members.some(({ seat }) => seat.open); turn += 1) {
    const member = members[await route(run, panel.router, question, members, turn)];
    if (member === undefined) break;
    const { proposer, seat, cursor } = member;
    seat.batches += 1;
    const key = `${proposerKey(proposer)}.${seat.batches}`;
    const proposal = await ask(run, tools, withOpinions(question, opinions), proposer, key, { cursor, earlier });
    if (proposal.opinion !== undefined) opinions.push(proposal.opinion);
    seat.spent = addSpending(seat.spent, proposal.spent);
    if (proposal.fault !== undefined) seat.faults += 1;
    member.cursor = proposal.cursor;
    // Who says what it takes has few batches of its own.
    const isEndless = proposer.worstCase === undefined;
    seat.open = proposal.cursor !== undefined && !(isEndless && seat.batches >= batchesMax);
    searched = withProposal(searched, proposer, proposal);

    const checked = await checkAll(run, tools, question.subject, proposal, searched.tried);
    seat.checked += checked.judged.length;
    searched = { ...searched, ...checked, judged: [...searched.judged, ...checked.judged] };
    question.seen?.push(...checked.judged);
    if (checked.proven !== undefined) return searched;
    // A target that comes and goes by itself says nothing about any candidate.
    if (checked.judged.some(({ expectation }) => expectation.unsteady !== undefined)) return searched;
    for (const judged of checked.judged) earlier.push(await asTried(tools, question.subject, judged));
  }
  return searched;
}

function memberOf(proposer: Proposer): Member {
  const { name, instance, usdPerMillionTokens } = proposer;
  return {
    proposer,
    seat: {
      name,
      ...(instance === undefined ? {} : { instance }),
      ...(usdPerMillionTokens === undefined ? {} : { usdPerMillionTokens }),
      open: true,
      batches: 0,
      checked: 0,
      faults: 0,
      spent: nothingSpent,
    },
  };
}

type Checked = Pick<Searched, "proven" | "ambiguity" | "uncompared" | "judged">;

/** One candidate after the other, up to the first that is accepted. */
async function checkAll(
  run: Run,
  tools: RepairTools,
  subject: Case,
  proposal: Proposal,
  tried: number,
): Promise<Checked> {
  const judged: Judged[] = [];
  for (const candidate of proposal.candidates) {
    const attempt = await run.reserve(`${candidate.id}.attempt`, { attempts: 1 });
    const outcome = await checkCandidate(run, tools, subject, candidate, tried);
    await attempt.settle({ attempts: 1 });
    if (outcome === undefined) continue;
    judged.push(outcome);
    if (outcome.verdict.kind === "accepted") {
      const rivals = await checkRivals(run, tools, subject, proposal, outcome, tried);
      judged.push(...rivals.judged);
      const ambiguity = rivals.ambiguity === undefined ? {} : { ambiguity: rivals.ambiguity };
      const uncompared = proposal.uncompared === undefined ? {} : { uncompared: proposal.uncompared };
      return { proven: outcome, judged, ...ambiguity, ...uncompared };
    }
    if (outcome.expectation.unsteady !== undefined) break;
  }
  return { judged };
}

async function asTried(tools: RepairTools, { project }: Case, judged: Judged): Promise<TriedCandidate> {
  const { candidate, diff, verdict, findings } = judged;
  const failures = await failuresWith(tools, project, judged);
  return { candidate, diff, verdict, failures, ...(findings === undefined ? {} : { findings }) };
}
