import type { Result } from "@assay/sdk";
import { isRed, raise } from "#domain";
import type { Run, Workflow } from "#engine";
import { classify } from "#oracle";
import type { Panel } from "#ports";
import { type Convened, convene } from "../shared/council/convene.ts";
import { loadObservation } from "../shared/observe.ts";
import type { Question } from "../shared/repair/ask.ts";
import { takeBaseline } from "../shared/repair/baseline.ts";
import type { Judged } from "../shared/repair/check.ts";
import { measureCoverage } from "../shared/repair/coverage.ts";
import { chooseTargets } from "../shared/repair/expect.ts";
import { lockInUnrevoked } from "../shared/repair/lock-in-unrevoked.ts";
import { minimise } from "../shared/repair/minimise.ts";
import { readProject } from "../shared/repair/project.ts";
import { proposeAndCheck } from "../shared/repair/propose-and-check.ts";
import { addUp } from "../shared/repair/searched.ts";
import { undecidedAmong } from "../shared/repair/undecided.ts";
import { applyIfAsked } from "./apply.ts";
import { keepingBest } from "./keep-best.ts";
import { learn } from "./learn.ts";
import { rememberTests } from "./remember-tests.ts";
import { healed, nobodyAnswered, notFound, nothingToHeal } from "./result.ts";
import { healInRounds, jointBatchesMax, mayBeApart, mayHelpApart } from "./rounds.ts";
import type { HealGoal, HealTools } from "./tools.ts";

/** Finds and proves a change that turns a project's failing tests green. */
export function healWorkflow(tools: HealTools): Workflow<HealGoal, Result> {
  return { name: "heal", version: 1, run: (run, goal) => heal(run, goal, tools) };
}

async function heal(run: Run, goal: HealGoal, tools: HealTools): Promise<Result> {
  // Who cannot be asked is told before anything runs.
  const panel = await tools.panel(goal);
  if (goal.testers === "workers" && tools.attestation === undefined) {
    raise(
      "stopped",
      "the checks are to be made by testers, and none are served here",
      "run `assay serve`, and resume it there",
    );
  }
  const project = await readProject(run, goal, tools);
  const baseline = await takeBaseline(run, goal, tools, project);
  const failures = classify(baseline.report, project);
  await run.emit({ type: "failures-classified", failures });
  const red = await rememberTests(run, tools, baseline, failures);

  const targets = chooseTargets({ ...baseline, red }, failures, project.profile.sourceFiles);
  if (targets.tests.length + targets.files.length === 0) return nothingToHeal(project, baseline, failures);

  const subject = { goal, project, baseline, targets, testers: goal.testers === "workers" };
  const measured = await measureCoverage(run, tools, subject);
  const seen: Judged[] = [];
  const question = { subject, failures, measured, seen };
  const searched = await keepingBest(run, tools, seen, () => search(run, tools, panel, question));
  await learn(run, tools, subject, failures, searched);
  if (searched.undecided !== undefined) return undecidedAmong(subject, searched, searched.undecided);
  if (searched.proven === undefined) return nobodyAnswered(subject, searched) ?? notFound(subject, searched, failures);

  const smallest = await minimise(run, tools, { ...subject, targets: searched.proven.targets }, searched.proven);
  const locked = await lockInUnrevoked(run, tools, subject, smallest);
  if (locked.left === undefined) return notFound(subject, disproven(searched, locked.proven), failures);
  const { proven, left } = locked;
  const result = healed(subject, searched, proven, await redAfter(tools, proven), left);
  if (result.outcome === "accepted") return { ...result, ...(await applyIfAsked(run, tools, goal, subject, proven)) };
  if (goal.apply) {
    await run.emit({
      type: "note",
      level: "warning",
      message: "nothing was applied: there is no single proven change",
    });
  }
  return result;
}

/** What was proven by a worker's report alone was not. */
function disproven(searched: Convened, proven: Judged | undefined): Convened {
  return { ...searched, judged: proven === undefined ? [] : [proven] };
}

/** All causes by one change, else one after the other, else by a council. */
async function search(run: Run, tools: HealTools, panel: Panel, question: Question): Promise<Convened> {
  const apart = mayBeApart(question.failures, question.subject);
  let searched: Convened = await proposeAndCheck(run, tools, panel, question, apart ? jointBatchesMax : undefined);
  const fruitful = panel.proposers.filter((proposer) => mayHelpApart(proposer, searched));
  if (searched.proven === undefined && apart && fruitful.length > 0) {
    searched = addUp(searched, await healInRounds(run, tools, { ...panel, proposers: fruitful }, question));
  }
  if (searched.proven === undefined && panel.council !== undefined) {
    searched = addUp(searched, await convene(run, tools, panel.council, panel.router, question));
  }
  return searched;
}

/** What is red with the proven change, as it was observed. */
async function redAfter(tools: HealTools, proven: Judged): Promise<string[]> {
  const red = new Set<string>();
  for (const { digest } of proven.evidence) {
    const { report } = await loadObservation(tools.blobs, digest);
    for (const { id, outcome } of report.results) if (isRed(outcome)) red.add(id);
  }
  return [...red].sort();
}
