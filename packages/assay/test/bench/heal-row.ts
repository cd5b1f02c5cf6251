import {
  addSpending,
  attemptName,
  type Budget,
  functionLimits,
  nothingSpent,
  remaining,
  runId,
  suiteLimits,
} from "#domain";
import { classify } from "#oracle";
import type { Proposal } from "#ports";
import { type SearchOptions, SearchProposer } from "#proposers";
import type { RealTools } from "../support/real-tools.ts";

/** The file with the bug, and its text without. */
export type Wrong = { solution: string; canonical: string };

export type RowResult = {
  tests: number;
  failing: number;
  plausible: number;
  equal: boolean;
  passes: boolean;
  candidates: number;
  /** Not tried, for they would have shown nothing new. */
  alike: number;
  seconds: number;
  /** Candidates and seconds until the first plausible one was known. */
  first?: { candidates: number; seconds: number };
  /** Candidates by method. */
  methods?: Record<string, number>;
  method?: string;
  /** The best candidate in one sentence. */
  summary?: string;
  note?: string;
};

export type HealRowOptions = {
  wallMsMax: number;
  /** Tells the search of the failures and their frames, as `assay heal` does. Default: only of what was executed. */
  withFailures?: boolean;
  search?: Partial<SearchOptions>;
};

let rowsHealed = 0;

/** Baseline with coverage, search until something plausible or the budget's end, a fresh run of the best candidate. */
export async function healRow(
  tools: RealTools,
  directory: string,
  wrong: Wrong,
  { wallMsMax, withFailures = false, search = {} }: HealRowOptions,
): Promise<RowResult> {
  const snapshot = await tools.workspaces.snapshot(directory);
  const profile = await tools.detect(snapshot);
  const runner = tools.runners[profile.runner];
  if (runner === undefined) throw new Error(`there is no runner ${profile.runner}`);
  rowsHealed += 1;
  const run = runId(`bench-${String(rowsHealed).padStart(8, "0")}`);
  const limits = { ...suiteLimits, wallMsMax: 60_000, memoryBytesMax: functionLimits.memoryBytesMax * 2 };
  await using workspace = await tools.workspaces.open(snapshot, attemptName(run, "row", "baseline"));
  const { report, coverage, kinds, stderr } = await runner.run({
    profile,
    workspace,
    selection: [],
    coverage: true,
    limits,
  });
  const targets = report.results.filter((result) => result.outcome !== "passed").map((result) => result.id);
  const guards = report.results.filter((result) => result.outcome === "passed").map((result) => result.id);
  const result: RowResult = {
    tests: report.collected.length,
    failing: targets.length,
    plausible: 0,
    equal: false,
    passes: false,
    candidates: 0,
    alike: 0,
    seconds: 0,
  };
  if (targets.length === 0 || report.collected.length === 0) {
    return { ...result, note: report.collectionErrors[0]?.message ?? (stderr.text.slice(-200) || "nothing fails") };
  }

  const failures = withFailures ? classify(report, { snapshot, profile }) : [];
  const started = performance.now();
  const proposer = new SearchProposer({ ...tools, ...search });
  let budget: Budget = { wallMsMax, candidatesMax: 100_000, attemptsMax: 1 };
  let spent = nothingSpent;
  let proposal: Proposal | undefined;
  do {
    proposal = await proposer.propose({
      run,
      snapshot,
      profile,
      baseline: report,
      failures,
      targets,
      guards,
      budget,
      onProgress: ({ tried, plausible }) => {
        if (plausible > 0 && result.first === undefined) {
          const seconds = (performance.now() - started) / 1000;
          result.first = { candidates: result.candidates + tried, seconds };
        }
      },
      ...(coverage ? { coverage } : {}),
      ...(kinds ? { kinds } : {}),
      ...(proposal?.cursor ? { cursor: proposal.cursor } : {}),
    });
    result.candidates += proposal.tried;
    result.alike += proposal.alike ?? 0;
    const methods = { ...result.methods };
    for (const [method, count] of Object.entries(proposal.methods ?? {}))
      methods[method] = (methods[method] ?? 0) + count;
    result.methods = methods;
    spent = addSpending(spent, proposal.spent);
    budget = remaining({ wallMsMax, candidatesMax: 100_000, attemptsMax: 1 }, spent);
    if (proposal.fault) return { ...result, note: proposal.fault.message };
  } while (proposal.candidates.length === 0 && proposal.cursor !== undefined && budget.wallMsMax > 0);
  result.seconds = (performance.now() - started) / 1000;
  result.plausible = proposal.candidates.length;
  if (result.plausible > 0) result.first ??= { candidates: result.candidates, seconds: result.seconds };
  const best = proposal.candidates[0];
  if (best === undefined) return result;

  result.method = best.provenance.method;
  result.summary = best.provenance.summary;
  await using fixed = await tools.workspaces.open(snapshot, attemptName(run, "row", "fixed"));
  const applied = await fixed.apply(best.edits);
  if (applied.kind === "failed") return { ...result, note: applied.problems[0]?.message ?? "does not apply" };
  const bare = profile.language === "python" ? withoutInnerSpace : withoutSpace;
  result.equal = bare((await fixed.read(wrong.solution)) ?? "") === bare(wrong.canonical);
  const again = await runner.run({ profile, workspace: fixed, selection: [], limits });
  result.passes = again.report.complete && again.report.results.every((one) => one.outcome === "passed");
  return result;
}

const withoutSpace = (text: string): string => text.replace(/\s+/g, "");

/** Which block a line belongs to is in its indentation. */
function withoutInnerSpace(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => (/^\s*/.exec(line)?.[0] ?? "") + withoutSpace(line)).join("\n");
}
