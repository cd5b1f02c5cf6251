import type { Candidate, Fault, RunnerName } from "@assay/sdk";
import { type Budget, FaultError, fault, nothingSpent, raise } from "#domain";
import {
  digestOf,
  type Proposal,
  type ProposalRequest,
  type Proposer,
  type RecentChanges,
  type TestRunner,
  type Workspaces,
} from "#ports";
import { openScreen } from "../screens/open-screen.ts";
import { ScreenPool } from "../screens/screen-pool.ts";
import { TestOrder } from "../screens/test-order.ts";
import { type HunkTrial, hunkTrials } from "./hunk-trials.ts";
import { resultOf } from "./result-of.ts";

export type RecentHunksOptions = {
  workspaces: Workspaces & RecentChanges;
  runners: Partial<Record<RunnerName, TestRunner>>;
  /** A git revision; what changed since then is suspected. */
  since: string;
};

const trialsMax = 200;
const testMsMax = 10_000;

/**
 * Takes back recent changes: single hunks first, then all of a file. Plausible is what turns the targets green.
 * Throws a `FaultError` of code `interrupted` when it is aborted in the middle of a trial.
 */
export class RecentHunksProposer implements Proposer {
  readonly name = "recent-hunks";
  readonly #options: RecentHunksOptions;

  constructor(options: RecentHunksOptions) {
    this.#options = options;
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const started = performance.now();
    const end = (tried: number, candidates: Candidate[], extra: { fault?: Fault; cursor?: string }): Proposal => ({
      candidates,
      tried,
      spent: { ...nothingSpent, wallMs: performance.now() - started, candidates: tried },
      suspects: [],
      ...extra,
    });
    const runner = this.#options.runners[request.profile.runner];
    if (!runner)
      return end(0, [], { fault: fault("oracle-unavailable", `there is no runner ${request.profile.runner}`) });
    try {
      const hunks = await this.#options.workspaces.reverseHunksSince(request.snapshot, this.#options.since);
      const from = Math.max(0, Number.parseInt(request.cursor ?? "0", 10) || 0);
      const trials = hunkTrials(hunks, trialsMax);
      const { candidates, next } = await this.#tryAll(request, runner, trials, from, started);
      return end(next - from, candidates, next < trials.length ? { cursor: String(next) } : {});
    } catch (error) {
      refuseIfAborted(request);
      if (error instanceof FaultError) return end(0, [], { fault: error.fault });
      throw error;
    }
  }

  async #tryAll(
    request: ProposalRequest,
    runner: TestRunner,
    trials: readonly HunkTrial[],
    from: number,
    started: number,
  ): Promise<{ candidates: Candidate[]; next: number }> {
    const { workspaces } = this.#options;
    const order = new TestOrder(request.targets, request.guards, undefined, request.baseline);
    await using pool = new ScreenPool((slot) =>
      openScreen({ workspaces, runner }, request, slot, testMsMax, request.budget.wallMsMax),
    );
    const candidates: Candidate[] = [];
    let next = from;
    for (const trial of trials.slice(from)) {
      if (over(request.budget, started, next - from) || request.signal?.aborted) break;
      request.onProgress?.({
        tried: next - from,
        total: trials.length,
        plausible: candidates.length,
        current: trial.summary,
      });
      const files = await resultOf(trial, request, workspaces);
      next += 1;
      if (files === undefined) continue;
      const outcome = await pool.try(0, { id: next, files, tests: order.forAny() });
      refuseIfAborted(request);
      if (outcome.kind === "failed") order.refusedBy(outcome.test);
      if (outcome.kind === "passed") candidates.push(candidateOf(trial, next - 1));
    }
    return { candidates, next };
  }
}

/** What ends under an abort says nothing of a trial: it must not be recorded, or the trial would never be made again. */
function refuseIfAborted({ signal }: ProposalRequest): void {
  if (signal?.aborted) raise("interrupted", "interrupted while recent changes were taken back");
}

function over(budget: Budget, started: number, tried: number): boolean {
  return performance.now() - started >= budget.wallMsMax || tried >= budget.candidatesMax;
}

function candidateOf({ edits, summary, method }: HunkTrial, rank: number): Candidate {
  return {
    id: `recent-hunks-${digestOf(JSON.stringify(edits)).slice(-16)}`,
    edits,
    provenance: { proposer: "recent-hunks", method, summary, rank },
  };
}
