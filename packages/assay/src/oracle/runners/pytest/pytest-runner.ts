import type { TestReport } from "@assay/sdk";
import type { RunTests, Sandbox, Screen, TestRun, TestRunner } from "#ports";
import { isTestFile } from "../../detect/python/file-kinds.ts";
import { foldRunnerEvents } from "../fold-events.ts";
import { freshNonce, pythonInvocation, pythonPath } from "./invocation.ts";
import { PytestScreen } from "./pytest-screen.ts";
import { type OutOfProcessRun, runOutOfProcess } from "./remote/run-out-of-process.ts";

/** One test may take this long at most, and never more than half of the run's wall clock. */
const testSecondsMax = 60;

const declaresTest = /^\s*(?:async\s+)?def\s+test|^class\s+\w*Test/m;

/**
 * An error that keeps pytest from starting, as in a conftest file or in what it imports, stands for each file that has tests: none of
 * them can be collected.
 */
async function namingFiles(report: TestReport, { profile, workspace }: RunTests): Promise<TestReport> {
  const [error, ...more] = report.collectionErrors;
  const isStart = error !== undefined && error.testFile === undefined && error.type !== "UsageError";
  if (!isStart || more.length + report.collected.length > 0) return report;
  const files: string[] = [];
  for (const file of profile.oracleFiles.filter(isTestFile)) {
    if (declaresTest.test((await workspace.read(file)) ?? "")) files.push(file);
  }
  return files.length === 0
    ? report
    : { ...report, collectionErrors: files.map((testFile) => ({ ...error, testFile })) };
}

/**
 * pytest through a plugin of our own that writes events to descriptor 3. The project's configuration and `addopts` count, except
 * what makes a run partial, interactive or parallel. An expected failure (`xfail`) is `skipped`, an unexpected pass
 * `passed`, or `failed` where the mark is strict.
 */
export class PytestRunner implements TestRunner {
  readonly name = "pytest";
  private readonly sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  async run(request: RunTests): Promise<TestRun> {
    const { profile, workspace, selection, coverage = false, shuffleSeed, limits, signal } = request;
    const testMsMax = request.testMsMax ?? testSecondsMax * 1000;
    const nonce = freshNonce();
    const stdin = JSON.stringify({
      nonce,
      root: profile.root,
      pythonPath: pythonPath(profile),
      selection,
      coverage,
      sourceFiles: coverage ? profile.sourceFiles : [],
      ...(shuffleSeed === undefined ? {} : { shuffleSeed }),
      testSecondsMax: Math.min(testMsMax, limits.wallMsMax / 2) / 1000,
    });
    const invocation = await pythonInvocation(profile, workspace, "run.py", shuffleSeed);
    const { channel, ...execution } = await this.sandbox.execute({
      ...invocation,
      watched: profile.oracleFiles,
      limits,
      stdin,
      ...(signal === undefined ? {} : { signal }),
    });
    const folded = foldRunnerEvents(channel, { runner: "pytest", nonce, termination: execution.termination });
    return {
      ...execution,
      report: await namingFiles(folded.report, request),
      ...(folded.coverage === undefined ? {} : { coverage: folded.coverage, kinds: folded.kinds }),
    };
  }

  /** The suite again, with the package under test reached from outside: what may pass there was not faked inside the test process. */
  async examine(request: RunTests): Promise<OutOfProcessRun> {
    return await runOutOfProcess(this.sandbox, request);
  }

  async runOutOfProcess(request: RunTests): Promise<TestRun | undefined> {
    const examined = await this.examine(request);
    return examined.kind === "covered" ? examined.run : undefined;
  }

  /** `undefined` when the warm process does not come up; `run` must do then. */
  async screen(request: Omit<RunTests, "selection" | "coverage"> & { testMsMax: number }): Promise<Screen | undefined> {
    return await PytestScreen.open(this.sandbox, request);
  }
}
