import type { CheckInput, CheckOutput } from "@assay/sdk";
import { attemptName, type Limits, raise, suiteLimits } from "#domain";
import { openSentProject, type SentFile } from "./open-sent-project.ts";

export type CheckPlace = {
  /** A folder of this machine whose installed dependencies the tests may use. */
  environment?: string | undefined;
  /** Everything is laid out; the suite itself begins. */
  begin?: () => void;
  signal: AbortSignal;
};

const printedMax = 1_000_000;

/**
 * Runs a suite once, in this machine's sandbox, with the files that were sent and no others. Throws what `openSentProject` throws,
 * `environment-broken` where these files are tested otherwise here, `sandbox-failed`.
 */
export async function executeCheck(
  files: readonly SentFile[],
  suite: CheckInput["suite"],
  { environment, begin, signal }: CheckPlace,
): Promise<CheckOutput> {
  await using project = await openSentProject(files, { environment });
  const { profile, tools, snapshot } = project;
  if (profile.runner !== suite.runner) {
    raise("environment-broken", `these files are tested by ${profile.runner} here, not by ${suite.runner}`);
  }
  await using workspace = await tools.workspaces.open(snapshot, attemptName(project.run, "check", "1"));
  begin?.();
  const run = await tools.runners[suite.runner].run({
    // What decides is named by whoever asks, not by what these files look like.
    profile: { ...profile, oracleFiles: suite.oracleFiles },
    workspace,
    selection: suite.selection,
    ...(suite.testMsMax === undefined ? {} : { testMsMax: suite.testMsMax }),
    ...(suite.shuffleSeed === undefined ? {} : { shuffleSeed: suite.shuffleSeed }),
    limits: bounded(suite.limits),
    signal,
  });
  signal.throwIfAborted();
  if (run.termination.kind === "sandbox-fault") raise("sandbox-failed", run.termination.message);
  return {
    version: 1,
    kind: "check",
    report: run.report,
    termination: run.termination,
    isolation: run.isolation,
    level: run.level ?? "in-process",
    written: [...run.written],
    stdout: run.stdout.text.slice(-printedMax).toWellFormed(),
    stderr: run.stderr.text.slice(-printedMax).toWellFormed(),
    durationMs: run.durationMs,
  };
}

/** Nobody gets more of this machine than a suite gets anywhere. */
function bounded(asked: CheckInput["suite"]["limits"]): Limits {
  const least = (name: keyof Limits) => Math.min(asked[name], suiteLimits[name]);
  return {
    wallMsMax: least("wallMsMax"),
    cpuSecondsMax: least("cpuSecondsMax"),
    memoryBytesMax: least("memoryBytesMax"),
    processesMax: least("processesMax"),
    fileBytesMax: least("fileBytesMax"),
    diskBytesMax: least("diskBytesMax"),
    outputBytesMax: least("outputBytesMax"),
  };
}
