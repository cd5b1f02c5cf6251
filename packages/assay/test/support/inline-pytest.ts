import { join } from "node:path";
import { attemptName, runId } from "#domain";
import { ProjectDetection, PytestRunner } from "#oracle";
import type { ProjectProfile, RunTests } from "#ports";
import { BubblewrapSandbox } from "#sandbox";
import { LayeredWorkspaces } from "#workspace";
import { testLimits } from "./pytest-project.ts";
import { scratch } from "./scratch.ts";

export type InlineProject = AsyncDisposable & {
  runner: PytestRunner;
  profile: ProjectProfile;
  request(options?: Partial<RunTests>): RunTests;
};

/** A pytest project whose files are given in place. */
export async function inlinePytest(files: Readonly<Record<string, string>>): Promise<InlineProject> {
  await using resources = new AsyncDisposableStack();
  const place = resources.use(await scratch());
  const root = await place.tree("project", files);
  const sandbox = new BubblewrapSandbox();
  const probe = await sandbox.probe();
  const overlay = probe.kind === "available" && probe.isolation.workspace === "overlay";
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(place.path, "state"), overlay });
  const snapshot = await workspaces.snapshot(root);
  const detection = await new ProjectDetection().detect(snapshot);
  if (detection.kind === "undetected") throw new Error(detection.fault.message);
  const { profile } = detection;
  const workspace = resources.use(await workspaces.open(snapshot, attemptName(runId("test-00000001"), "run", "1")));
  const kept = resources.move();
  return {
    runner: new PytestRunner(sandbox),
    profile,
    request: (options = {}) => ({ profile, workspace, selection: [], limits: testLimits, ...options }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
