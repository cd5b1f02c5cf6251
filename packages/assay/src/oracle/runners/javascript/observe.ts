import { randomBytes } from "node:crypto";
import type { Failure } from "@assay/sdk";
import type { RunTests, Sandbox, TestRun } from "#ports";
import { foldRunnerEvents } from "../fold-events.ts";
import { assetMounts } from "./assets.ts";
import { testEnvironment } from "./environment.ts";

export type ObservedCommand = {
  /** Arguments of the interpreter. */
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Given on stdin together with the run's nonce. */
  job: Readonly<Record<string, unknown>>;
};

/** Runs one command of a JavaScript runner in the sandbox and folds its event stream. Never throws for what it does. */
export async function observe(
  sandbox: Sandbox,
  runner: "node-test" | "vitest" | "jest",
  { profile, workspace, limits, signal }: RunTests,
  { args, env, job }: ObservedCommand,
): Promise<TestRun> {
  const nonce = randomBytes(16).toString("hex");
  const execution = await sandbox.execute({
    argv: [profile.interpreter, ...args],
    cwd: profile.root,
    env: testEnvironment(profile, env),
    workspace: await workspace.mount(),
    mounts: [...profile.mounts, ...assetMounts(runner)],
    limits,
    watched: profile.oracleFiles,
    stdin: JSON.stringify({ ...job, nonce }),
    ...(signal === undefined ? {} : { signal }),
  });
  const { termination, channel, stdout, stderr, isolation, durationMs, written } = execution;
  const { report, coverage } = foldRunnerEvents(channel, { runner, nonce, termination });
  return {
    // Files run beside one another: the order in which they fail says nothing, and a report should repeat.
    report: { ...report, collectionErrors: report.collectionErrors.toSorted(byPlace) },
    termination,
    stdout,
    stderr,
    isolation,
    durationMs,
    written,
    ...(coverage === undefined ? {} : { coverage }),
  };
}

function byPlace(a: Failure, b: Failure): number {
  const key = ({ testFile = "", file = "", line = 0, type, message }: Failure) =>
    [testFile, file, String(line).padStart(9, "0"), type, message].join("\0");
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}
