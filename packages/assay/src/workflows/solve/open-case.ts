import { basename } from "node:path";
import type { ClassifiedFailure, Result } from "@assay/sdk";
import { FaultError, raise } from "#domain";
import type { Run } from "#engine";
import { classify } from "#oracle";
import { type Baseline, takeBaseline } from "../shared/repair/baseline.ts";
import type { Case } from "../shared/repair/check.ts";
import { chooseTargets } from "../shared/repair/expect.ts";
import { type Project, readProject } from "../shared/repair/project.ts";
import type { Vet } from "../shared/repair/vet.ts";
import type { Files } from "./input/given.ts";
import { layOut } from "./lay-out.ts";
import type { SolveGoal, SolveTools } from "./tools.ts";

/** A small project whose tests were seen to fail with the stub, or why they show nothing. */
export type OpenedCase =
  | { kind: "red"; subject: Case; failures: readonly ClassifiedFailure[] }
  | { kind: "unready"; result: Result };

/** Lays a project out and runs its tests with the stub: only what fails there can show that a solution is one. */
export async function openCase(
  run: Run,
  goal: SolveGoal,
  tools: SolveTools,
  { directory, files, vet }: { directory: string; files: Files; vet: Vet },
): Promise<OpenedCase> {
  const root = await layOut(run, basename(directory), directory, files);
  const repair = { root, tests: [], ...(goal.minLevel === undefined ? {} : { minLevel: goal.minLevel }) };
  const project = await readInstalled(run, goal, tools, repair);
  const baseline = await takeBaseline(run, repair, tools, project);
  const failures = classify(baseline.report, project);
  await run.emit({ type: "failures-classified", failures });
  const targets = chooseTargets(baseline, failures, project.profile.sourceFiles);
  const problem = whyNothingIsShown(baseline, failures, targets.tests.length);
  if (problem !== undefined) return { kind: "unready", result: unready(project, problem) };
  await tellGreen(run, baseline);
  return { kind: "red", subject: { goal: repair, project, baseline, targets, vet }, failures };
}

/** What the tests need is looked for where the user is, not in the run's own folder. */
async function readInstalled(run: Run, goal: SolveGoal, tools: SolveTools, repair: Case["goal"]): Promise<Project> {
  try {
    return await readProject(run, repair, tools);
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== "dependency-missing") throw error;
    return raise(
      "dependency-missing",
      `the tests are vitest's, and vitest is not installed in ${goal.root}`,
      `install it there (npm install --save-dev vitest), or name the project that has it with -C`,
    );
  }
}

/** Why tests that were run with the stub cannot tell a solution from it. */
function whyNothingIsShown(
  baseline: Baseline,
  failures: readonly ClassifiedFailure[],
  targets: number,
): string | undefined {
  const [broken] = baseline.report.collectionErrors;
  if (broken !== undefined) {
    const where =
      broken.file === undefined ? "" : ` (${broken.file}${broken.line === undefined ? "" : `:${broken.line}`})`;
    return `The tests cannot be collected${where}: ${broken.type}: ${firstLine(broken.message)}. Correct them, or install what they need.`;
  }
  const missing = failures.find(({ environment }) => environment);
  if (missing !== undefined) {
    return `The tests need something that is not installed: ${firstLine(missing.failure.message)}. Install it in the project, then try again.`;
  }
  if (baseline.flaky.length > 0) {
    return `Tests fail in one run and pass in another of the same stub: ${baseline.flaky.slice(0, 5).join(", ")}. Make them steady.`;
  }
  if (!baseline.whole) return "The tests ended before all had answered. Give them a limit of their own.";
  if (targets > 0) return undefined;
  const { length } = baseline.report.collected;
  return `No test fails with a stub that does nothing (${length} collected), so no test could show a solution to be right. Give tests that call the function and check what it gives.`;
}

function unready({ snapshot }: Project, summary: string): Result {
  return { type: "result", outcome: "inconclusive", exitCode: 3, summary, base: snapshot.digest, candidatesTried: 0 };
}

/** What is green with the stub guards, but shows nothing. */
async function tellGreen(run: Run, { report }: Baseline): Promise<void> {
  const green = report.results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id);
  if (green.length === 0) return;
  const which = green.slice(0, 5).join(", ");
  const message = `${green.length} of ${report.results.length} tests pass with the stub and show nothing of a solution: ${which}`;
  await run.emit({ type: "note", level: "warning", message });
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]?.slice(0, 300) ?? "";
}
