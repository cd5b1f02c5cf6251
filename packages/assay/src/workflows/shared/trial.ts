import { type Limits, suiteLimits } from "#domain";
import type { ProjectProfile, Screen, TestRunner, Workspace } from "#ports";
import { refuseUnobserved } from "./observe.ts";

/** Asks again and again whether some tests pass on one tree; warm where the runner has a screen. */
export type Trial = { warm: boolean; passes(tests: readonly string[]): Promise<boolean> } & AsyncDisposable;

export type TrialRequest = {
  runner: TestRunner;
  profile: ProjectProfile;
  workspace: Workspace;
  testMsMax: number;
  /** Of one cold run. */
  wallMsMax: number;
  /** Of the whole trial, where it is warm. */
  trialMsMax: number;
  signal: AbortSignal;
};

/** A warm screen that changes nothing where the runner has one, else its ordinary run of a selection. */
export async function openTrial(request: TrialRequest): Promise<Trial> {
  const { runner, profile, workspace, testMsMax, wallMsMax, trialMsMax, signal } = request;
  const limits: Limits = { ...suiteLimits, wallMsMax: trialMsMax };
  const screen = await runner.screen?.({ profile, workspace, limits, testMsMax, signal });
  if (screen !== undefined) return warmTrial(screen);
  return {
    warm: false,
    async passes(tests) {
      const limits: Limits = { ...suiteLimits, wallMsMax };
      const run = await runner.run({ profile, workspace, selection: tests, limits, testMsMax, signal });
      refuseUnobserved(run.termination);
      const results = run.report.results.filter(({ outcome }) => outcome !== "skipped");
      return results.length > 0 && run.report.complete && results.every(({ outcome }) => outcome === "passed");
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
