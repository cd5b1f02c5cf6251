import { randomBytes } from "node:crypto";
import type { RunnerName } from "@assay/sdk";
import type { ReadOnlyMount, RunTests, Sandbox, TestRun } from "#ports";
import { nodeInterpreter } from "../../detect/javascript/interpreter.ts";
import { foldRunnerEvents } from "../fold-events.ts";
import { assetMounts, assetPath } from "../javascript/assets.ts";

export type DrivenRun = {
  runner: Extract<RunnerName, "go-test" | "cargo" | "maven" | "gradle">;
  /** The whole environment of the build and of the tests. */
  env: Readonly<Record<string, string>>;
  /** Beside those of the profile. */
  mounts?: readonly ReadOnlyMount[];
  /** Given to the driver on stdin together with the run's nonce; no test process is told the nonce. */
  job: Readonly<Record<string, unknown>>;
};

/**
 * Builds and tests a project of a compiled language by a driver of ours: it starts the language's own tools inside the
 * sandbox and tells on descriptor 3, which no process of the project inherits, what it saw. Never throws for what they do.
 */
export async function observeDriver(
  sandbox: Sandbox,
  { profile, workspace, limits, signal }: RunTests,
  { runner, env, mounts = [], job }: DrivenRun,
): Promise<TestRun> {
  const nonce = randomBytes(16).toString("hex");
  const node = await nodeInterpreter();
  const execution = await sandbox.execute({
    argv: [node.path, assetPath(runner, "driver.mjs")],
    cwd: profile.root,
    env,
    workspace: await workspace.mount(),
    mounts: [...profile.mounts, ...mounts, ...node.mounts, ...assetMounts("compiled"), ...assetMounts(runner).slice(1)],
    limits,
    watched: profile.oracleFiles,
    stdin: JSON.stringify({ ...job, nonce, root: profile.root, wallMsMax: limits.wallMsMax }),
    ...(signal === undefined ? {} : { signal }),
  });
  const { channel, ...observed } = execution;
  const { report } = foldRunnerEvents(channel, { runner, nonce, termination: execution.termination });
  return { ...observed, report };
}
