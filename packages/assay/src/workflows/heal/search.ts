import type { Ambiguity, ClassifiedFailure } from "@assay/sdk";
import { type Budget, FaultError } from "#domain";
import type { Run } from "#engine";
import type { Proposal, Proposer } from "#ports";
import { type Case, checkCandidate, type Judged } from "./check.ts";
import type { Measured } from "./coverage.ts";
import type { HealTools } from "./tools.ts";

export type Searched = {
  /** The first candidate that was accepted. */
  proven?: Judged;
  /** Further changes that would be accepted, and do something else; the accepted one comes first. */
  ambiguity?: Ambiguity;
  /** Other plausible changes, of which nobody could find out whether they do the same as the proven one. */
  uncompared?: number;
  /** In the order in which they were proposed. */
  judged: readonly Judged[];
  tried: number;
  efforts: Efforts;
  suspects: Proposal["suspects"];
};

/** What a proposer took: candidates by method, time, money. */
type Effort = { tried: Readonly<Record<string, number>>; wallMs: number; costMicroUsd: number };

/** By proposer. */
export type Efforts = Readonly<Record<string, Effort>>;

export type Question = {
  subject: Case;
  failures: readonly ClassifiedFailure[];
  measured: Measured;
};

/** One batch of a proposer is one step: long enough to be worth recording, short enough to lose in a crash. */
const batchMax = { wallMs: 20_000, candidates: 5_000 };

/**
 * Asks one proposer after the other, batch by batch, and checks what they propose until a candidate is accepted
 * or nobody has anything left. What a batch and a check may cost at most is set aside before, and settled after.
 */
export async function proposeAndCheck(
  run: Run,
  tools: HealTools,
  question: Question,
  batchesMax = Number.POSITIVE_INFINITY,
): Promise<Searched> {
  const judged: Judged[] = [];
  let tried = 0;
  let efforts: Efforts = {};
  let suspects: Proposal["suspects"] = [];
  for (const proposer of tools.proposers(question.subject.goal)) {
    let cursor: string | undefined;
    for (let batch = 1; batch === 1 || (cursor !== undefined && batch <= batchesMax); batch += 1) {
      const proposal = await propose(run, tools, question, proposer, batch, cursor);
      tried += proposal.tried;
      const { wallMs, costMicroUsd } = proposal.spent;
      efforts = addEfforts(efforts, { [proposer.name]: { tried: proposal.methods ?? {}, wallMs, costMicroUsd } });
      if (proposal.suspects.length > 0) suspects = proposal.suspects;
      for (const candidate of proposal.candidates) {
        const attempt = await run.reserve(`${candidate.id}.attempt`, { attempts: 1 });
        const outcome = await checkCandidate(run, tools, question.subject, candidate, tried);
        await attempt.settle({ attempts: 1 });
        if (outcome === undefined) continue;
        judged.push(outcome);
        if (outcome.verdict.kind === "accepted") {
          const rivals = await checkRivals(run, tools, question.subject, proposal, outcome, tried);
          judged.push(...rivals.judged);
          const ambiguity = rivals.ambiguity === undefined ? {} : { ambiguity: rivals.ambiguity };
          const uncompared = proposal.uncompared === undefined ? {} : { uncompared: proposal.uncompared };
          return { proven: outcome, judged, tried, efforts, suspects, ...ambiguity, ...uncompared };
        }
        // A target that comes and goes by itself says nothing about any candidate.
        if (outcome.expectation.unsteady !== undefined) return { judged, tried, efforts, suspects };
      }
      cursor = proposal.cursor;
    }
  }
  return { judged, tried, efforts, suspects };
}

/** Two efforts of the same proposers, added up. */
export function addEfforts(a: Efforts, b: Efforts): Efforts {
  const total: Record<string, Effort> = { ...a };
  for (const [proposer, effort] of Object.entries(b)) {
    const before = total[proposer] ?? noEffort;
    const tried = { ...before.tried };
    for (const [method, count] of Object.entries(effort.tried)) tried[method] = (tried[method] ?? 0) + count;
    const wallMs = before.wallMs + effort.wallMs;
    total[proposer] = { tried, wallMs, costMicroUsd: before.costMicroUsd + effort.costMicroUsd };
  }
  return total;
}

const noEffort: Effort = { tried: {}, wallMs: 0, costMicroUsd: 0 };

/** Rivals that are checked: each costs as much as the first. */
const rivalsMax = 3;

/** Whether one of those that make something else of the proposal's input would be accepted as well. */
async function checkRivals(
  run: Run,
  tools: HealTools,
  subject: Case,
  { candidates, ambiguity }: Proposal,
  proven: Judged,
  tried: number,
): Promise<{ judged: Judged[]; ambiguity?: Ambiguity }> {
  const own = ambiguity?.results.find(({ candidate }) => candidate === proven.candidate.id);
  const judged: Judged[] = [];
  if (ambiguity === undefined || own === undefined) return { judged };
  const others = ambiguity.results.filter(({ result }) => result !== own.result);
  const results = [own];
  for (const other of others.slice(0, rivalsMax)) {
    const candidate = candidates.find(({ id }) => id === other.candidate);
    if (candidate === undefined || results.some(({ result }) => result === other.result)) continue;
    if (run.budget.remaining().attemptsMax < 1) {
      const message = `not checked, for no attempts are left: ${other.summary}, of which ${ambiguity.call} is ${other.result}`;
      await run.emit({ type: "note", level: "warning", message });
      break;
    }
    const attempt = await run.reserve(`${candidate.id}.attempt`, { attempts: 1 });
    const outcome = await checkCandidate(run, tools, subject, candidate, tried);
    await attempt.settle({ attempts: 1 });
    if (outcome === undefined) continue;
    judged.push(outcome);
    if (outcome.verdict.kind === "accepted") results.push(other);
  }
  return results.length < 2 ? { judged } : { judged, ambiguity: { call: ambiguity.call, results } };
}

/** Two searches for one goal, as one. */
export function addUp(first: Searched, second: Searched): Searched {
  return {
    ...second,
    judged: [...first.judged, ...second.judged],
    tried: first.tried + second.tried,
    efforts: addEfforts(first.efforts, second.efforts),
    suspects: second.suspects.length > 0 ? second.suspects : first.suspects,
  };
}

async function propose(
  run: Run,
  tools: HealTools,
  { subject, failures, measured }: Question,
  proposer: Proposer,
  batch: number,
  cursor: string | undefined,
): Promise<Proposal> {
  const key = `${proposer.name}.${batch}`;
  const { snapshot, profile } = subject.project;
  tools.progress({ kind: "proposing", proposer: proposer.name, tried: 0, plausible: 0 });
  const budget = batchBudget(run.budget.remaining());
  const reservation = await run.reserve(key, { wallMs: budget.wallMsMax, candidates: budget.candidatesMax });
  const red = new Set(subject.targets.tests);
  const proposal = await run.step(key, { base: snapshot.digest, cursor: cursor ?? null }, (signal) =>
    proposer.propose({
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
      ...(cursor === undefined ? {} : { cursor }),
      budget,
      signal,
      onProgress: (progress) => tools.progress({ kind: "proposing", proposer: proposer.name, ...progress }),
    }),
  );
  // What the user asked for cannot be done: nobody is helped by going on with something else.
  if (proposal.fault?.code === "usage") throw new FaultError(proposal.fault);
  await reservation.settle(proposal.spent);
  await run.emit({
    type: "candidates-tried",
    proposer: proposer.name,
    tried: proposal.tried,
    plausible: proposal.candidates.length,
    durationMs: proposal.spent.wallMs,
  });
  if (proposal.fault !== undefined) {
    await run.emit({ type: "note", level: "warning", message: `${proposer.name}: ${proposal.fault.message}` });
  }
  return proposal;
}

/** At least one of everything: with nothing left, the reservation is what stops the run. */
function batchBudget(left: Budget): Budget {
  return {
    ...left,
    wallMsMax: Math.max(1, Math.min(batchMax.wallMs, left.wallMsMax)),
    candidatesMax: Math.max(1, Math.min(batchMax.candidates, left.candidatesMax)),
  };
}
