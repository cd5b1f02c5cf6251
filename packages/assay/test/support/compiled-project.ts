import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { attemptName, type Limits, runId, suiteLimits } from "#domain";
import { ProjectDetection } from "#oracle";
import type { ProjectProfile, RunTests, Sandbox, Snapshot, TestRun, TestRunner, Workspace } from "#ports";
import { BubblewrapSandbox } from "#sandbox";
import { LayeredWorkspaces } from "#workspace";
import { scratch } from "./scratch.ts";

const fixtures = fileURLToPath(new URL("../fixtures/", import.meta.url));
const limits: Limits = { ...suiteLimits, wallMsMax: 120_000 };

/** A fixture project of a compiled language, copied to a path with a space in it, with all that runs its tests. */
export type CompiledProject = AsyncDisposable & {
  snapshot: Snapshot;
  profile: ProjectProfile;
  workspace: Workspace;
  run(options?: Partial<RunTests>): Promise<TestRun>;
};

/** Why the tests of a fixture cannot run on this machine; `undefined` when they can. */
export async function whyNotTested(fixture: string): Promise<string | undefined> {
  const probe = await new BubblewrapSandbox().probe();
  if (probe.kind === "unavailable") return `no sandbox here: ${probe.fault.message}`;
  await using place = await scratch();
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(place.path, "state"), overlay: false });
  const detection = await new ProjectDetection().detect(await workspaces.snapshot(join(fixtures, fixture)));
  return detection.kind === "undetected" ? detection.fault.message : undefined;
}

export async function openCompiledProject(
  fixture: string,
  runnerIn: (sandbox: Sandbox) => TestRunner,
): Promise<CompiledProject> {
  await using resources = new AsyncDisposableStack();
  const place = resources.use(await scratch());
  const root = join(place.path, "a project");
  await cp(join(fixtures, fixture), root, { recursive: true });
  const sandbox = new BubblewrapSandbox();
  const probe = await sandbox.probe();
  const overlay = probe.kind === "available" && probe.isolation.workspace === "overlay";
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(place.path, "state"), overlay });
  const snapshot = await workspaces.snapshot(root);
  const detection = await new ProjectDetection().detect(snapshot);
  if (detection.kind === "undetected") throw new Error(detection.fault.message);
  const { profile } = detection;
  const workspace = resources.use(await workspaces.open(snapshot, attemptName(runId("test-00000001"), "run", "1")));
  const runner = runnerIn(sandbox);
  const kept = resources.move();
  return {
    snapshot,
    profile,
    workspace,
    run: (options = {}) => runner.run({ profile, workspace, selection: [], limits, ...options }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Outcome by id. */
export function outcomesById({ report }: TestRun): Record<string, string> {
  return Object.fromEntries(report.results.map(({ id, outcome }) => [id, outcome]));
}
