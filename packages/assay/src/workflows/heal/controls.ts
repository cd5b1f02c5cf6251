import type { Candidate } from "@assay/sdk";
import { attemptName, type Limits, suiteLimits } from "#domain";
import type { Run } from "#engine";
import type { Screen, Workspace } from "#ports";
import { refuseUnobserved } from "../shared/observe.ts";
import type { Case } from "./check.ts";
import type { HealTools } from "./tools.ts";

/** Targets asked one by one; more are asked together with the first of them. */
const targetsMax = 8;
/** A suite that hangs on the base takes its whole limit each time. */
const controlsMsMax = 30_000;
const roundsMax = 12;
/** Of rounds that each cost a cold run of the targets. */
const coldRoundsMax = 4;

/**
 * A test that fails by chance fails on the base, and sooner or later passes with some candidate: the more were tried, the sooner.
 * So base and candidate are run in turns, until a test that has nothing to do with the change would have betrayed itself:
 * a flake that fails half of the time shows four of four rounds in one of 4⁴ cases. Returns the targets that were green on
 * the base or red with the candidate; empty when they were steady.
 */
export async function findUnsteady(
  run: Run,
  tools: HealTools,
  subject: Case,
  candidate: Candidate,
  tried: number,
): Promise<string[]> {
  const targets = [...subject.targets.tests, ...subject.targets.files];
  // At most one chance in a thousand over all that was tried.
  const rounds = Math.min(roundsMax, Math.ceil(Math.log(1000 * Math.max(1, tried)) / Math.log(4)));
  return run.step(`${candidate.id}.controls`, { edits: candidate.edits, rounds, targets }, async () => {
    const { snapshot } = subject.project;
    await using base = await tools.workspaces.open(snapshot, attemptName(run.id, candidate.id, "control-base"));
    await using changed = await tools.workspaces.open(snapshot, attemptName(run.id, candidate.id, "control-changed"));
    await changed.apply(candidate.edits);
    await using onBase = await openTrial(run, tools, subject, base);
    await using onChanged = await openTrial(run, tools, subject, changed);
    const started = performance.now();
    const most = onBase.warm && onChanged.warm ? rounds : Math.min(rounds, coldRoundsMax);
    for (let round = 0; round < most && performance.now() - started < controlsMsMax; round += 1) {
      for (const target of targets.slice(0, targetsMax)) {
        if (await onBase.passes([target])) return [target];
      }
      if (!(await onChanged.passes(targets))) return targets;
    }
    return [];
  });
}

type Trial = { warm: boolean; passes(tests: readonly string[]): Promise<boolean> } & AsyncDisposable;

/** A warm screen that changes nothing where the runner has one, else its ordinary run of a selection. */
async function openTrial(run: Run, tools: HealTools, subject: Case, workspace: Workspace): Promise<Trial> {
  const { profile } = subject.project;
  const { testMsMax, wallMsMax } = subject.baseline;
  const runner = tools.runners[profile.runner];
  const limits: Limits = { ...suiteLimits, wallMsMax: controlsMsMax * 4 };
  const screen = await runner.screen?.({ profile, workspace, limits, testMsMax, signal: run.abort });
  if (screen !== undefined) return warmTrial(screen);
  return {
    warm: false,
    async passes(tests) {
      const limits: Limits = { ...suiteLimits, wallMsMax };
      const { report, termination } = await runner.run({
        profile,
        workspace,
        selection: tests,
        limits,
        testMsMax,
        signal: run.abort,
      });
      refuseUnobserved(termination);
      const results = report.results.filter(({ outcome }) => outcome !== "skipped");
      return results.length > 0 && report.complete && results.every(({ outcome }) => outcome === "passed");
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function warmTrial(screen: Screen): Trial {
  let id = 0;
  return {
    warm: true,
    async passes(tests) {
      id += 1;
      return (await screen.try({ id, files: {}, tests })).kind === "passed";
    },
    [Symbol.asyncDispose]: () => screen[Symbol.asyncDispose](),
  };
}
