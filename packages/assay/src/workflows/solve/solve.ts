import { join } from "node:path";
import type { Result } from "@assay/sdk";
import { FaultError } from "#domain";
import type { Run, Workflow } from "#engine";
import type { Panel } from "#ports";
import { type Convened, convene } from "../shared/council/convene.ts";
import type { Question } from "../shared/repair/ask.ts";
import { bestOf } from "../shared/repair/best-of.ts";
import type { Case, Judged } from "../shared/repair/check.ts";
import { lockIn } from "../shared/repair/lock-in.ts";
import { proposeAndCheck } from "../shared/repair/propose-and-check.ts";
import { addUp, nothingSearched, type Searched } from "../shared/repair/searched.ts";
import { undecidedAmong } from "../shared/repair/undecided.ts";
import { checkHidden } from "./check-hidden.ts";
import { countPassed } from "./count-passed.ts";
import { deliver, keepSolution } from "./deliver.ts";
import type { ProjectPlan } from "./input/plan-project.ts";
import { openCase } from "./open-case.ts";
import { makePlan } from "./plan.ts";
import { notSolved, refusedByHidden, solved } from "./result.ts";
import { solutionOf } from "./solution-of.ts";
import type { SolveGoal, SolveTools } from "./tools.ts";
import { vetSolution } from "./vet.ts";
import { withinAttempts } from "./within-attempts.ts";

/** Has a module written that passes given tests, also those that its author did not see. */
export function solveWorkflow(tools: SolveTools): Workflow<SolveGoal, Result> {
  return { name: "solve", version: 1, run: (run, goal) => solve(run, goal, tools) };
}

async function solve(run: Run, goal: SolveGoal, tools: SolveTools): Promise<Result> {
  const plan = await makePlan(run, goal, tools);
  const vet = vetSolution(plan.solution, goal.guardrails);
  const directory = join(tools.directories.runs, run.id, plan.whole === undefined ? "project" : "visible");
  const shown = await openCase(run, goal, tools, { directory, files: plan.visible, vet });
  if (shown.kind === "unready") return shown.result;

  const { subject, failures } = shown;
  const panel = withinAttempts(await tools.panel(goal));
  const question = { subject, failures, measured: {}, brief: plan.brief };
  const searched = await search(run, tools, panel, question);
  if (searched.undecided !== undefined) return undecidedAmong(subject, searched, searched.undecided);
  const { proven } = searched;
  if (proven === undefined) return giveUp(run, goal, tools, plan, subject, searched);

  // Nothing is minimised: what no test needs may still be what the description asks for.
  const made = { proven, searched, attempts: run.budget.spent().attempts };
  const text = await solutionOf(run, tools, subject, proven.candidate, plan.solution);
  const file = { path: plan.solution, text };
  const kept = await keepSolution(run, tools, "solution", file);
  if (plan.whole === undefined) {
    const left = await lockIn(run, tools, subject, proven);
    const { counted } = await countPassed(tools, proven, subject.baseline.report.collected);
    return solved(subject, made, { visible: counted }, left, await deliver(run, goal, kept, file));
  }
  const hidden = await checkHidden(
    run,
    goal,
    tools,
    { files: plan.whole, vet, solution: plan.solution, text },
    { subject, proven },
  );
  if (hidden.kind === "unready") return { ...hidden.result, ...kept };
  if (hidden.judged.verdict.kind !== "accepted") {
    return refusedByHidden(hidden, made, goal.keepUnproven ? await deliver(run, goal, kept, file) : kept);
  }
  const left = await lockIn(run, tools, hidden.subject, hidden.judged);
  return solved(hidden.subject, { ...made, proven: hidden.judged }, hidden, left, await deliver(run, goal, kept, file));
}

/** Those who work alone, then a council. Where the attempts are used up in the middle of it, that is the end of the search, no pause. */
async function search(run: Run, tools: SolveTools, panel: Panel, asked: Question): Promise<Convened> {
  const seen: Judged[] = [];
  const question = { ...asked, seen };
  try {
    const alone = await proposeAndCheck(run, tools, panel, question);
    if (alone.proven !== undefined || panel.council === undefined) return alone;
    return addUp(alone, await convene(run, tools, panel.council, panel.router, question));
  } catch (error) {
    const isOut = error instanceof FaultError && error.fault.code === "budget-exhausted";
    if (!isOut || run.budget.remaining().attemptsMax >= 1) throw error;
    return { ...nothingSearched, judged: seen, tried: seen.length };
  }
}

/** Keeps the best of what was tried, so that somebody can go on from it. */
async function giveUp(
  run: Run,
  goal: SolveGoal,
  tools: SolveTools,
  plan: ProjectPlan,
  subject: Case,
  searched: Searched,
): Promise<Result> {
  const best = await bestOf(tools, searched.judged);
  const made = { searched, attempts: run.budget.spent().attempts };
  // What is no change of the solution alone leaves none to keep.
  const outside = best?.judged.verdict.reasons.some(({ code }) => code === "out-of-scope" || code === "oracle-touched");
  if (best === undefined || outside) return notSolved(subject, made, best, goal, undefined);
  const text = await solutionOf(run, tools, subject, best.judged.candidate, plan.solution);
  return notSolved(subject, made, best, goal, await keepSolution(run, tools, "best", { path: plan.solution, text }));
}
