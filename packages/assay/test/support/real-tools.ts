import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { RunnerName } from "@assay/sdk";
import type { TestContext } from "vitest";
import { FaultError } from "#domain";
import { NodeTestRunner, ProjectDetection, PytestRunner } from "#oracle";
import type { ProjectProfile, Snapshot, TestRunner } from "#ports";
import { openSandbox } from "#sandbox";
import { LayeredWorkspaces } from "#workspace";

/** The real sandbox, workspaces, detection and runners, with their state in `home`. */
export type RealTools = {
  workspaces: LayeredWorkspaces;
  runners: Partial<Record<RunnerName, TestRunner>>;
  detect(snapshot: Snapshot): Promise<ProjectProfile>;
};

/** Throws a `FaultError` where this machine has no isolation or lacks what the project needs. */
export async function realTools(home: string): Promise<RealTools> {
  const state = join(home, "state");
  await mkdir(state, { recursive: true });
  const { sandbox, overlay } = await openSandbox({ unsafe: false });
  const detection = new ProjectDetection();
  return {
    workspaces: new LayeredWorkspaces({ stateDirectory: state, overlay }),
    runners: { pytest: new PytestRunner(sandbox), "node-test": new NodeTestRunner(sandbox) },
    async detect(snapshot) {
      const detected = await detection.detect(snapshot);
      if (detected.kind === "undetected") throw new FaultError(detected.fault);
      return detected.profile;
    },
  };
}

/** The same in a test, which is skipped where there is no isolation. */
export async function realToolsOrSkip(home: string, context: TestContext): Promise<RealTools> {
  try {
    return await realTools(home);
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "no-isolation") context.skip(error.fault.message);
    throw error;
  }
}
