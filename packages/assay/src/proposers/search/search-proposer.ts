import { availableParallelism } from "node:os";
import type { Edit, Fault, RunnerName } from "@assay/sdk";
import { FaultError, fault, nothingSpent, raise } from "#domain";
import type { Knowledge, Proposal, ProposalRequest, Proposer, Snapshot, TestRunner, Workspaces } from "#ports";
import { openScreen } from "../screens/open-screen.ts";
import { ScreenPool } from "../screens/screen-pool.ts";
import { TestOrder } from "../screens/test-order.ts";
import { type BatchResult, runBatch } from "./batch.ts";
import { candidateOf } from "./candidate.ts";
import { hungMax, parseCursor, type SearchCursor } from "./cursor.ts";
import { describeTrial } from "./describe.ts";
import { gatherFacts } from "./facts.ts";
import { fixesFor } from "./fixes/fixes.ts";
import { rankEdits } from "./ranked-edit.ts";
import { SourceTrees } from "./source-trees.ts";
import { suspectFiles } from "./suspect-files.ts";
import { evenly, topSuspects } from "./suspicion.ts";
import { tellApart } from "./tell-apart.ts";
import { type Trial, Trials } from "./trials.ts";
import { unlessAborted } from "./unless-aborted.ts";

export type SearchOptions = {
  workspaces: Workspaces;
  runners: Partial<Record<RunnerName, TestRunner>>;
  /** Tells what was changed lately: that is suspected more. */
  recent?: (snapshot: Snapshot) => Promise<readonly Edit[]>;
  /** Works without that, to measure what it brings. */
  without?: "priors" | "localisation" | "types";
  /** What was learned of methods. Default: what was measured before. */
  knowledge?: Knowledge;
  /** One `propose` ends about then; its cursor goes on. Default: 10 s for the first, 30 s for those that go on. */
  batchMsMax?: number;
  /** Screens side by side. Default: as many as processors, at most 2. */
  screensMax?: number;
};

const suspectsMax = 20;

/**
 * Repairs without a model: single edits of the syntax tree at suspected places, ordered by suspicion × prior of the
 * operator, each tried on the failing tests and then on the green ones that execute it. What it returns is plausible,
 * ranked by the operator's prior at that place and the size of the edit, deletions last. Deterministic but for where the time limit
 * cuts a batch.
 */
export class SearchProposer implements Proposer {
  readonly name = "search";
  readonly #options: SearchOptions;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const started = performance.now();
    const spent = (tried: number) => ({ ...nothingSpent, wallMs: performance.now() - started, candidates: tried });
    // Without a cursor: whoever asked would only run into the same fault again.
    const stopped = (problem: Fault): Proposal => ({
      candidates: [],
      tried: 0,
      spent: spent(0),
      suspects: [],
      fault: problem,
    });
    const runner = this.#options.runners[request.profile.runner];
    if (runner === undefined)
      return stopped(fault("oracle-unavailable", `there is no runner ${request.profile.runner}`));
    try {
      return await this.#search(request, runner, started);
    } catch (error) {
      // What fails under an abort says nothing of what is left to try.
      if (request.signal?.aborted) raise("interrupted", "interrupted while searching");
      if (error instanceof FaultError) return stopped(error.fault);
      throw error;
    }
  }

  async #search(request: ProposalRequest, runner: TestRunner, started: number): Promise<Proposal> {
    // Opening screens costs seconds: a search that takes long does it seldom.
    const { batchMsMax = request.cursor === undefined ? 10_000 : 30_000, workspaces } = this.#options;
    const cursor = parseCursor(request.cursor);
    const wallMsMax = Math.min(batchMsMax, request.budget.wallMsMax);
    const testMsMax = testLimit(request, cursor.again);
    await using pool = new ScreenPool((slot) =>
      openScreen({ workspaces, runner }, request, slot, testMsMax, wallMsMax),
    );
    // It comes up while the edits are worked out.
    pool.prepare(0);
    const { without } = this.#options;
    const { suspicion, texts } = await suspectFiles(request, await this.#options.recent?.(request.snapshot));
    const sources = new SourceTrees(texts);
    const factsOf = await gatherFacts(request, sources, without === "types");
    const fixes = fixesFor(request.failures, sources, request.snapshot.files);
    const { language } = request.profile;
    const category = request.failures[0]?.category ?? "assertion";
    const known = await this.#options.knowledge?.read(cursor.moment);
    const ranked = rankEdits({
      suspicion: without === "localisation" ? evenly(suspicion) : suspicion,
      sources,
      factsOf,
      fixes,
      ...(without === "priors" ? { weigh: () => 0.5 } : {}),
      ...(known ? { weigh: (method, seed) => known.weight({ language, category, method }, seed) } : {}),
    });
    const only = cursor.again ? { only: new Set(cursor.hung) } : {};
    const trials = new Trials({ ranked, sources, factsOf, from: cursor.rank, opened: cursor.opened, ...only });

    const screensMax = this.#options.screensMax ?? Math.min(2, availableParallelism());
    const order = new TestOrder(request.targets, request.guards, request.coverage, request.baseline);
    const result = await runBatch(
      trials,
      pool,
      order,
      {
        deadline: started + wallMsMax,
        candidatesMax: request.budget.candidatesMax,
        parallel: screensMax,
        again: cursor.again,
        alone: cursor.alone,
        ...(request.signal ? { signal: request.signal } : {}),
      },
      cursor.rank,
      ({ tried, plausible, current }) =>
        request.onProgress?.({ tried, plausible, total: ranked.length, current: describeTrial(current) }),
    );
    const plausible = result.plausible.sort(byPrecision);
    const told = await unlessAborted(tellApart(pool, plausible, order), request.signal);
    const proposal: Proposal = {
      candidates: plausible.map(candidateOf),
      ...told,
      tried: result.tried,
      alike: result.alike,
      methods: result.methods,
      spent: { ...nothingSpent, wallMs: performance.now() - started, candidates: result.tried },
      suspects: topSuspects(suspicion, suspectsMax),
    };
    const next = nextCursor(known === undefined ? cursor : { ...cursor, moment: known.moment }, result);
    return next === undefined ? proposal : { ...proposal, cursor: JSON.stringify(next) };
  }
}

/** Where to go on: with the rest, then with what hung, and at last with everything again in processes of its own. */
function nextCursor(cursor: SearchCursor, { next, hung, shared, opened }: BatchResult): SearchCursor | undefined {
  const hungAll = [...cursor.hung, ...hung].slice(0, hungMax);
  const kept = { ...cursor, shared: cursor.shared || shared, opened };
  if (next !== undefined) return { ...kept, rank: next, hung: cursor.again ? cursor.hung : hungAll };
  if (!cursor.again && !cursor.alone && hungAll.length > 0) return { ...kept, rank: 0, hung: hungAll, again: true };
  return cursor.alone || !kept.shared
    ? undefined
    : { ...kept, rank: 0, hung: [], again: false, alone: true, opened: [] };
}

/** Generous against what the tests take when green: a candidate that loops forever must not cost much. */
function testLimit(request: ProposalRequest, again: boolean): number {
  const slowest = Math.max(
    0,
    ...request.baseline.results.filter((r) => r.outcome === "passed").map((r) => r.durationMs),
  );
  const usual = Math.min(10_000, Math.max(1_000, slowest * 10));
  return again ? usual * 5 : usual;
}

/** Precise operators at suspicious places first, then small edits; what only takes away comes last. */
function byPrecision(a: Trial, b: Trial): number {
  const size = (trial: Trial): number => trial.edit.end - trial.edit.start + trial.edit.replacement.length;
  return Number(a.edit.deletion) - Number(b.edit.deletion) || b.score - a.score || size(a) - size(b) || a.rank - b.rank;
}
