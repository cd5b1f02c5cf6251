import { type CheckInput, type CheckOutput, checkInputSchema } from "@assay/sdk";
import { attemptName, type Limits, raise, suiteLimits } from "#domain";
import type { Executor } from "../executor.ts";
import { fetchProject } from "./fetch-project.ts";

const printedMax = 1_000_000;

/** Runs a suite once, in this machine's sandbox, with the files that were sent and no others. */
export function checkExecutor({ environment }: { environment?: string } = {}): Executor {
  return async (document, context) => {
    const { files, suite } = checkInputSchema.parse(document);
    await using project = await fetchProject(files, context, environment);
    const { profile, tools, snapshot } = project;
    if (profile.runner !== suite.runner) {
      raise("environment-broken", `these files are tested by ${profile.runner} here, not by ${suite.runner}`);
    }
    await using workspace = await tools.workspaces.open(snapshot, attemptName(project.run, "check", "1"));
    context.begin();
    const run = await tools.runners[suite.runner].run({
      // What decides is named by whoever asks, not by what these files look like.
      profile: { ...profile, oracleFiles: suite.oracleFiles },
      workspace,
      selection: suite.selection,
      ...(suite.testMsMax === undefined ? {} : { testMsMax: suite.testMsMax }),
      ...(suite.shuffleSeed === undefined ? {} : { shuffleSeed: suite.shuffleSeed }),
      limits: bounded(suite.limits),
      signal: context.signal,
    });
    context.signal.throwIfAborted();
    if (run.termination.kind === "sandbox-fault") raise("sandbox-failed", run.termination.message);
    return {
      version: 1,
      kind: "check",
      report: run.report,
      termination: run.termination,
      isolation: run.isolation,
      level: run.level ?? "in-process",
      written: [...run.written],
      stdout: run.stdout.text.slice(-printedMax),
      stderr: run.stderr.text.slice(-printedMax),
      durationMs: run.durationMs,
    } satisfies CheckOutput;
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
