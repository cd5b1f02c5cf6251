import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { attemptName, type Limits, runId, suiteLimits } from "#domain";
import { ProjectDetection, PytestRunner } from "#oracle";
import type { ProjectProfile, Screen, Snapshot, TestRun, Workspace } from "#ports";
import { BubblewrapSandbox } from "#sandbox";
import { LayeredWorkspaces } from "#workspace";
import { scratch } from "./scratch.ts";

const fixtures = fileURLToPath(new URL("../fixtures/", import.meta.url));
export const testLimits: Limits = { ...suiteLimits, wallMsMax: 120_000 };

/** A fixture project, copied to a path with spaces and a letter outside ASCII, with all that runs its tests. */
export type PytestProject = AsyncDisposable & {
  root: string;
  snapshot: Snapshot;
  profile: ProjectProfile;
  workspace: Workspace;
  runner: PytestRunner;
  run(options?: { selection?: string[]; coverage?: boolean; limits?: Limits }): Promise<TestRun>;
  screen(testMsMax: number): Promise<Screen>;
};

/** Why these tests cannot run on this machine; `undefined` when they can. */
export async function whyNoPytest(): Promise<string | undefined> {
  const probe = await new BubblewrapSandbox().probe();
  if (probe.kind === "unavailable") return `no sandbox here: ${probe.fault.message}`;
  await using place = await scratch();
  const root = await place.tree("probe", { "test_probe.py": "def test_probe():\n    pass\n" });
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(place.path, "state"), overlay: false });
  const detection = await new ProjectDetection().detect(await workspaces.snapshot(root));
  return detection.kind === "undetected" ? `no pytest here: ${detection.fault.message}` : undefined;
}

export async function openPytestProject(
  fixture: string,
  change: (text: string) => string = (text) => text,
): Promise<PytestProject> {
  await using resources = new AsyncDisposableStack();
  const place = resources.use(await scratch());
  const root = join(place.path, "prójet with späces");
  await cp(join(fixtures, fixture), root, { recursive: true });
  for (const file of await readdir(root, { recursive: true })) {
    if (!file.endsWith(".py")) continue;
    await writeFile(join(root, file), change(await readFile(join(root, file), "utf8")));
  }
  const sandbox = new BubblewrapSandbox();
  const probe = await sandbox.probe();
  const overlay = probe.kind === "available" && probe.isolation.workspace === "overlay";
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(place.path, "state"), overlay });
  const snapshot = await workspaces.snapshot(root);
  const detection = await new ProjectDetection().detect(snapshot);
  if (detection.kind === "undetected") throw new Error(detection.fault.message);
  const { profile } = detection;
  const workspace = resources.use(await workspaces.open(snapshot, attemptName(runId("test-00000001"), "run", "1")));
  const runner = new PytestRunner(sandbox);
  const kept = resources.move();
  return {
    root,
    snapshot,
    profile,
    workspace,
    runner,
    run: ({ selection = [], coverage = false, limits = testLimits } = {}) =>
      runner.run({ profile, workspace, selection, coverage, limits }),
    async screen(testMsMax) {
      const screen = await runner.screen({ profile, workspace, limits: testLimits, testMsMax });
      if (screen === undefined) throw new Error("the warm process did not come up");
      return screen;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Outcome by the part of the id after the file. */
export function outcomes({ report }: TestRun): Record<string, string> {
  return Object.fromEntries(report.results.map(({ id, outcome }) => [id.slice(id.indexOf("::") + 2), outcome]));
}
