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
  const warm = await warmScreen({ workspaces, runner }, request, name, testMsMax, batchMsMax);
  if (warm !== undefined) return warm;
  const limits = { ...suiteLimits, wallMsMax: Math.max(testMsMax * 20, 10_000) };
  const targets = new Set(request.targets);
  return new RunScreen({ runner, workspaces, snapshot, profile, limits, name, targets, ...(signal ? { signal } : {}) });
}

async function warmScreen(
  { workspaces, runner }: Ports,
  { snapshot, profile, signal }: ProposalRequest,
  name: AttemptName,
  testMsMax: number,
  batchMsMax: number,
): Promise<Screen | undefined> {
  if (runner.screen === undefined) return undefined;
  await using resources = new AsyncDisposableStack();
  const workspace = resources.use(await workspaces.open(snapshot, name));
  const limits: Limits = { ...suiteLimits, wallMsMax: batchMsMax + screenMsMargin };
  const screen = await runner.screen({ profile, workspace, limits, testMsMax, ...(signal ? { signal } : {}) });
  if (screen === undefined) return undefined;
  resources.use(screen);
  const kept = resources.move();
  const tryEdits = screen.tryEdits?.bind(screen);
  const tellApart = screen.tellApart?.bind(screen);
  return {
    try: (wanted) => screen.try(wanted),
    ...(tryEdits ? { tryEdits } : {}),
    ...(tellApart ? { tellApart } : {}),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** The same on every replay of a run; without a run, this process's own. */
export function screenName(request: ProposalRequest, slot: number): AttemptName {
  const task = request.task === undefined ? "search" : `search-${request.task}`;
  return attemptName(request.run ?? ownRun(request), task, `screen-${slot}`);
}

function ownRun(request: ProposalRequest): RunId {
  return runId(`search-${request.snapshot.digest.slice(-16)}${process.pid.toString(36)}`);
}
