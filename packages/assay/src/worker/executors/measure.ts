import type { SentProject } from "#app";
import { attemptName, type Limits, suiteLimits } from "#domain";
import type { ProjectProfile, TestRun } from "#ports";

/** One run of the project's suite as it was sent, with what each test executes where the runner can tell. */
export async function measure(
  { run, snapshot, tools }: SentProject,
  profile: ProjectProfile,
  wallMsMax: number,
  signal: AbortSignal,
): Promise<TestRun> {
  await using workspace = await tools.workspaces.open(snapshot, attemptName(run, "baseline", "1"));
  const limits: Limits = { ...suiteLimits, wallMsMax: Math.min(suiteLimits.wallMsMax, wallMsMax) };
  const seen = await tools.runners[profile.runner].run({
    profile,
    workspace,
    selection: [],
    coverage: true,
    limits,
    signal,
  });
  signal.throwIfAborted();
  return seen;
}
