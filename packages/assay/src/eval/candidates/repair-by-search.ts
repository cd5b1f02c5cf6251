import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addSpending, attemptName, type Budget, functionLimits, nothingSpent, remaining, suiteLimits } from "#domain";
import type { Proposal } from "#ports";
import type { Problem } from "../datasets/problem.ts";
import type { Evaluating } from "../evaluate/evaluate-problem.ts";
import { projectOf, type RowProject } from "./row-project.ts";

type Searching = Pick<Evaluating, "run" | "tools" | "signal">;

/** What a search came to: the best plausible candidate's whole module, and what it took. */
export type Repair = {
  candidate?: string;
  rounds: number;
  tried: number;
  proposeMs: number;
  note?: string;
  /** Of the candidate, and how many were tried by method. */
  method?: string;
  methods: Record<string, number>;
};

const nothing = { rounds: 0, tried: 0, proposeMs: 0, methods: {} };
const budgetMax: Budget = { wallMsMax: 30_000, candidatesMax: 20_000, attemptsMax: 1 };

/** Searches for a mend of the buggy code in a small project that has only the visible tests. Never throws for what the code does. */
export async function repairBySearch(
  given: Searching,
  problem: Problem,
  index: number,
  visible: string,
): Promise<Repair> {
  let project: RowProject;
  try {
    project = projectOf(problem, problem.buggy ?? problem.canonical, visible);
  } catch (error) {
    return { ...nothing, note: (error as Error).message.slice(0, 200) };
  }
  const home = await mkdtemp(join(tmpdir(), "assay-eval-"));
  try {
    const directory = join(home, "project");
    await mkdir(directory);
    for (const [path, content] of Object.entries(project.files)) await writeFile(join(directory, path), content);
    return await searchIn(given, directory, project, index);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function searchIn(
  { run, tools, signal }: Searching,
  directory: string,
  project: RowProject,
  index: number,
): Promise<Repair> {
  const snapshot = await tools.workspaces.snapshot(directory);
  const detection = await tools.detector.detect(snapshot);
  if (detection.kind === "undetected") return { ...nothing, note: detection.fault.message };
  const { profile } = detection;
  const limits = { ...suiteLimits, wallMsMax: 60_000, memoryBytesMax: functionLimits.memoryBytesMax * 2 };
  await using workspace = await tools.workspaces.open(snapshot, attemptName(run, `p${index}`, "baseline"));
  const baseline = await tools.runners[profile.runner].run({
    profile,
    workspace,
    selection: [],
    coverage: true,
    limits,
    signal,
  });
  const { results, collectionErrors } = baseline.report;
  const targets = results.filter(({ outcome }) => outcome !== "passed").map(({ id }) => id);
  const guards = results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id);
  if (targets.length === 0) return { ...nothing, note: collectionErrors[0]?.message ?? "no visible test fails" };

  const started = performance.now();
  const proposer = tools.searchProposer();
  let spent = nothingSpent;
  let rounds = 0;
  let tried = 0;
  const methods: Record<string, number> = {};
  let proposal: Proposal | undefined;
  do {
    const cursor: string | undefined = proposal?.cursor;
    proposal = await proposer.propose({
      run,
      task: `p${index}`,
      snapshot,
      profile,
      baseline: baseline.report,
      failures: [],
      targets,
      guards,
      budget: remaining(budgetMax, spent),
      ...(baseline.coverage === undefined ? {} : { coverage: baseline.coverage }),
      ...(baseline.kinds === undefined ? {} : { kinds: baseline.kinds }),
      ...(cursor === undefined ? {} : { cursor }),
      signal,
    });
    rounds += 1;
    tried += proposal.tried;
    for (const [method, count] of Object.entries(proposal.methods ?? {}))
      methods[method] = (methods[method] ?? 0) + count;
    spent = addSpending(spent, proposal.spent);
  } while (proposal.candidates.length === 0 && mayGoOn(proposal) && spent.wallMs < budgetMax.wallMsMax);
  const cost = { rounds, tried, methods, proposeMs: Math.round(performance.now() - started) };
  const [best] = proposal.candidates;
  if (best === undefined) return { ...cost, note: proposal.fault?.message ?? "the search found nothing plausible" };

  await using mended = await tools.workspaces.open(snapshot, attemptName(run, `p${index}`, "mended"));
  const applied = await mended.apply(best.edits);
  const text = applied.kind === "applied" ? await mended.read(project.solution) : undefined;
  return text === undefined
    ? { ...cost, note: "what was found does not apply" }
    : { ...cost, method: best.provenance.method, candidate: project.moduleOf(text) };
}

function mayGoOn({ fault, cursor }: Proposal): boolean {
  return fault === undefined && cursor !== undefined;
}
