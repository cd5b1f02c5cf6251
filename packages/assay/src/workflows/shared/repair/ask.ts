import { type ClassifiedFailure, proposeOutputSchema } from "@assay/sdk";
import { type Budget, FaultError, type Spending } from "#domain";
import type { Run } from "#engine";
import type { Proposal, ProposalRequest, Proposer, TriedCandidate } from "#ports";
import type { Case, Judged } from "./check.ts";
import type { Measured } from "./coverage.ts";
import type { RepairTools } from "./goal.ts";

export type Question = {
  subject: Case;
  failures: readonly ClassifiedFailure[];
  measured: Measured;
  brief?: string;
  /** How many ask at the same time: each gets its share of the time. */
  atOnce?: number;
  hypothesis?: string;
  /** Which of those who ask at the same time this is. */
  task?: string;
  /** Gets everything that is judged, also where the search is cut short. */
  seen?: Judged[];
};

/** One batch of a proposer is one step: long enough to be worth recording, short enough to lose in a crash. */
const batchMax = { wallMs: 20_000, candidates: 5_000 };

/**
 * Asks a proposer for one batch. What that may take at most, in time, candidates, tokens and money, is set aside before, and settled
 * with what it took after.
 */
export async function ask(
  run: Run,
  tools: RepairTools,
  question: Question,
  proposer: Proposer,
  key: string,
  asked: { cursor?: string | undefined; earlier?: readonly TriedCandidate[]; wanted?: "hypothesis" },
): Promise<Proposal> {
  const { snapshot } = question.subject.project;
  const { cursor, earlier = [], wanted } = asked;
  tools.progress({ kind: "proposing", proposer: proposer.name, tried: 0, plausible: 0 });
  const all = run.budget.remaining();
  // One share more than there are who ask: what they propose is checked meanwhile.
  const shares = question.atOnce === undefined ? 1 : question.atOnce + 1;
  const share = { ...all, wallMsMax: Math.max(1, all.wallMsMax / shares) };
  const batch = batchBudget(share);
  const request = requestOf(run, tools, question, proposer, {
    ...(cursor === undefined ? {} : { cursor }),
    ...(earlier.length === 0 ? {} : { earlier }),
    ...(wanted === undefined ? {} : { wanted }),
    budget: share,
  });
  const input = { base: snapshot.digest, cursor: cursor ?? null };
  const worst: Partial<Spending> =
    proposer.worstCase === undefined
      ? {}
      : await run.step(`${key}.worst-case`, input, () => proposer.worstCase?.(request) ?? {});
  const wallMs = Math.max(1, Math.min(worst.wallMs ?? batch.wallMsMax, run.budget.unreserved().wallMsMax));
  const reserved = { candidates: batch.candidatesMax, ...worst, wallMs };
  const reservation = await run.reserve(key, reserved);
  const budget = { ...batch, wallMsMax: reserved.wallMs };
  const person = proposer.asks?.(request);
  if (person !== undefined) await run.emit({ type: "person-asked", question: "proposal", ...person });
  const given = { ...request, ...(await handOver(run, proposer, request, key, input)) };
  const proposal = await run.step(key, input, (signal) => proposer.propose({ ...given, budget, signal }));
  // What the user asked for cannot be done: nobody is helped by going on with something else.
  if (proposal.fault?.code === "usage") throw new FaultError(proposal.fault);
  await reservation.settle(proposal.spent);
  if (person !== undefined && proposal.answer !== undefined) {
    await run.emit({ type: "person-answered", signal: person.signal, ...proposal.answer });
  }
  await tell(run, proposer, proposal);
  return proposal;
}

/** What a worker is asked for is recorded first: it holds what is left of the budget, which a resume may change. */
async function handOver(
  run: Run,
  proposer: Proposer,
  request: ProposalRequest,
  key: string,
  input: unknown,
): Promise<Pick<ProposalRequest, "delegated">> {
  if (proposer.work === undefined) return {};
  const work = await run.step(`${key}.work-for`, input, async () => (await proposer.work?.(request)) ?? null);
  return work === null ? {} : { delegated: await run.delegate(`${key}.work`, work, proposeOutputSchema) };
}

function requestOf(
  run: Run,
  tools: RepairTools,
  { subject, failures, measured, brief, hypothesis, task }: Question,
  proposer: Proposer,
  own: Pick<ProposalRequest, "cursor" | "earlier" | "wanted" | "budget">,
): ProposalRequest {
  const { snapshot, profile } = subject.project;
  const red = new Set(subject.targets.tests);
  return {
    run: run.id,
    snapshot,
    profile,
    baseline: subject.baseline.report,
    failures,
    // A file that could not be collected has no test ids yet: its path stands for all of them.
    targets: [...subject.targets.tests, ...subject.targets.files],
    guards: subject.baseline.report.results
      .filter(({ id, outcome }) => outcome === "passed" && !red.has(id) && !subject.baseline.flaky.includes(id))
      .map(({ id }) => id),
    ...measured,
    ...(brief === undefined ? {} : { brief }),
    ...(hypothesis === undefined ? {} : { hypothesis }),
    ...(task === undefined ? {} : { task }),
    ...own,
    onProgress: (progress) => tools.progress({ kind: "proposing", proposer: proposer.name, ...progress }),
  };
}

async function tell(run: Run, proposer: Proposer, proposal: Proposal): Promise<void> {
  for (const call of proposal.calls ?? []) await run.emit({ type: "model-asked", proposer: proposer.name, ...call });
  if (proposal.session !== undefined) await run.emit({ type: "agent-asked", ...proposal.session });
  await run.emit({
    type: "candidates-tried",
    proposer: proposer.name,
    tried: proposal.tried,
    plausible: proposal.candidates.length,
    durationMs: proposal.spent.wallMs,
  });
  const who = [proposer.name, proposer.instance].filter(Boolean).join(" ");
  if (proposal.fault !== undefined) {
    await run.emit({ type: "note", level: "warning", message: `${who}: ${proposal.fault.message}` });
  } else if (proposal.reason !== undefined && proposal.calls === undefined) {
    await run.emit({ type: "note", level: "info", message: `${who}: ${proposal.reason}` });
  }
}

/** At least one of everything: with nothing left, the reservation is what stops the run. */
function batchBudget(left: Budget): Budget {
  return {
    ...left,
    wallMsMax: Math.max(1, Math.min(batchMax.wallMs, left.wallMsMax)),
    candidatesMax: Math.max(1, Math.min(batchMax.candidates, left.candidatesMax)),
  };
}
