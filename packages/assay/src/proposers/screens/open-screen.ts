import { type AttemptName, attemptName, type Limits, type RunId, runId, suiteLimits } from "#domain";
import type { ProposalRequest, Screen, TestRunner, Workspaces } from "#ports";
import { RunScreen } from "./run-screen.ts";

/** A screen lives for one batch; past that its sandbox ends it. */
const screenMsMargin = 60_000;

type Ports = { workspaces: Workspaces; runner: TestRunner };

/** Opens the runner's warm screen on a workspace of its own, or what does instead of one. */
export async function openScreen(
  { workspaces, runner }: Ports,
  request: ProposalRequest,
  slot: number,
  testMsMax: number,
  batchMsMax: number,
): Promise<Screen> {
  const { snapshot, profile, signal } = request;
  const name = screenName(request, slot);
  const abort = signal ? { signal } : {};
  if (runner.screen === undefined) {
    const limits = { ...suiteLimits, wallMsMax: Math.max(testMsMax * 20, 10_000) };
    const targets = new Set(request.targets);
    return new RunScreen({ runner, workspaces, snapshot, profile, limits, name, targets, ...abort });
  }
  const workspace = await workspaces.open(snapshot, name);
  try {
    const limits: Limits = { ...suiteLimits, wallMsMax: batchMsMax + screenMsMargin };
    const screen = await runner.screen({ profile, workspace, limits, testMsMax, ...abort });
    return {
      try: (wanted) => screen.try(wanted),
      async [Symbol.asyncDispose]() {
        await screen[Symbol.asyncDispose]();
        await workspace[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await workspace[Symbol.asyncDispose]();
    throw error;
  }
}

/** The same on every replay of a run; without a run, this process's own. */
export function screenName(request: ProposalRequest, slot: number): AttemptName {
  return attemptName(request.run ?? ownRun(request), "search", `screen-${slot}`);
}

function ownRun(request: ProposalRequest): RunId {
  return runId(`search-${request.snapshot.digest.slice(-16)}${process.pid.toString(36)}`);
}
