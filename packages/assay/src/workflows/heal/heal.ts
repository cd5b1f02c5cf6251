import type { Result } from "@assay/sdk";
import { isRed } from "#domain";
import type { Run, Workflow } from "#engine";
import { classify } from "#oracle";
import { loadObservation } from "../shared/observe.ts";
import { applyIfAsked } from "./apply.ts";
import { takeBaseline } from "./baseline.ts";
import type { Judged } from "./check.ts";
import { measureCoverage } from "./coverage.ts";
import { chooseTargets } from "./expect.ts";
import { learn } from "./learn.ts";
import { lockIn } from "./lock-in.ts";
import { minimise } from "./minimise.ts";
import { readProject } from "./project.ts";
import { rememberTests } from "./remember-tests.ts";
import { healed, notFound, nothingToHeal } from "./result.ts";
import { healInRounds, jointBatchesMax, mayBeApart } from "./rounds.ts";
import { addUp, proposeAndCheck } from "./search.ts";
import type { HealGoal, HealTools } from "./tools.ts";

/** Finds and proves a change that turns a project's failing tests green. */
export function healWorkflow(tools: HealTools): Workflow<HealGoal, Result> {
  return { name: "heal", version: 1, run: (run, goal) => heal(run, goal, tools) };
}

async function heal(run: Run, goal: HealGoal, tools: HealTools): Promise<Result> {
  const project = await readProject(run, goal, tools);
  const baseline = await takeBaseline(run, goal, tools, project);
  const failures = classify(baseline.report, project);
  await run.emit({ type: "failures-classified", failures });
  const red = await rememberTests(run, tools, baseline, failures);

  const targets = chooseTargets({ ...baseline, red }, failures, project.profile.sourceFiles);
  if (targets.tests.length + targets.files.length === 0) return nothingToHeal(project, baseline, failures);

  const subject = { goal, project, baseline, targets };
  const measured = await measureCoverage(run, tools, subject);
  const apart = mayBeApart(failures, subject);
  let searched = await proposeAndCheck(
    run,
    tools,
    { subject, failures, measured },
    apart ? jointBatchesMax : undefined,
  );
  if (searched.proven === undefined && apart) {
    searched = addUp(searched, await healInRounds(run, tools, subject, failures, measured));
  }
  await learn(run, tools, subject, failures, searched);
  if (searched.proven === undefined) return notFound(subject, searched, failures);

  const proven = await minimise(run, tools, { ...subject, targets: searched.proven.targets }, searched.proven);
  const left = await lockIn(run, tools, subject, proven);
  const result = healed(subject, searched, proven, await redAfter(tools, proven), left);
  if (result.outcome === "accepted") return { ...result, ...(await applyIfAsked(run, tools, subject, proven)) };
  if (goal.apply) {
    await run.emit({
      type: "note",
      level: "warning",
      message: "nothing was applied: there is no single proven change",
    });
  }
  return result;
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
