import { fileURLToPath } from "node:url";
import type { ExecutionRequest, ReadOnlyMount, RunTests, Sandbox, TestRun } from "#ports";
import { foldRunnerEvents } from "../../fold-events.ts";
import { freshNonce, pythonInvocation, pythonPath } from "../invocation.ts";
import { examine } from "./examine.ts";

const assets: readonly ReadOnlyMount[] = [
  { source: fileURLToPath(new URL("./python/", import.meta.url)), target: "/assay/remote" },
  { source: fileURLToPath(new URL("../../../function/python/assets/", import.meta.url)), target: "/assay/function" },
];

/** A test that could not be told apart from outside the package, and why; `test` is empty for the run as a whole. */
export type NotCovered = { test: string; reason: string };

export type OutOfProcessRun =
  /** Every test that ran was fully covered and passed, or was skipped: the run's level is `out-of-process`. */
  | { kind: "covered"; run: TestRun }
  /**
   * Nothing follows from it for or against the code. `run` is what was observed, with no level; tests that failed are among `tests`,
   * because what a test does to its own process does not reach the package.
   */
  | { kind: "not-covered"; tests: readonly NotCovered[]; run: TestRun };

/**
 * Runs a pytest suite in a sandbox where nothing of the project but its oracle files is ever executed; the package under test lives
 * in another sandbox, and calls travel as plain values and handles. No comparison is ever left to the candidate.
 * Two processes of the limits given, one beside the other. Never throws for what tests or candidates do.
 */
export async function runOutOfProcess(sandbox: Sandbox, request: RunTests): Promise<OutOfProcessRun> {
  const { profile, workspace, selection, shuffleSeed, limits, signal } = request;
  const nonce = freshNonce();
  const invocation = await pythonInvocation(profile, workspace, "run.py", shuffleSeed);
  const common = { root: profile.root, pythonPath: pythonPath(profile) };
  const command = (script: string): ExecutionRequest => ({
    ...invocation,
    argv: [profile.interpreter, "-B", `/assay/remote/${script}`],
    mounts: [...invocation.mounts, ...assets],
    limits,
    ...(signal === undefined ? {} : { signal }),
  });
  const testMsMax = Math.min(request.testMsMax ?? 60_000, limits.wallMsMax / 2);
  const { lines, notes, execution } = await examine(sandbox, {
    candidate: { command: command("serve.py"), request: common },
    examiner: {
      command: command("examine.py"),
      request: {
        ...common,
        nonce,
        selection,
        oracleFiles: profile.oracleFiles,
        sourceFiles: profile.sourceFiles,
        testSecondsMax: testMsMax / 1000,
        ...(shuffleSeed === undefined ? {} : { shuffleSeed }),
      },
    },
  });
  const { report } = foldRunnerEvents(lines, { runner: "pytest", nonce, termination: execution.termination });
  const run: TestRun = { ...execution, report, written: [] };
  const tests = [...notes];
  // A candidate that could write to the examiner's files would be in its process after all.
  if (invocation.workspace?.method !== "overlay")
    tests.push({ test: "", reason: "the workspace is shared, not an overlay" });
  if (!report.complete) tests.push({ test: "", reason: "the run did not come to its end" });
  const noted = new Set(notes.map(({ test }) => test));
  for (const { testFile, file, type, message } of report.collectionErrors) {
    const test = testFile ?? file ?? "";
    if (!noted.has(test)) tests.push({ test, reason: `not collected: ${type}: ${message.slice(0, 200)}` });
  }
  for (const { id, outcome, failure } of report.results) {
    if (outcome === "passed" || outcome === "skipped" || noted.has(id)) continue;
    tests.push({
      test: id,
      reason: `${outcome} from outside: ${failure === undefined ? "no reason told" : `${failure.type}: ${failure.message.slice(0, 200)}`}`,
    });
  }
  if (!report.results.some(({ outcome }) => outcome === "passed")) tests.push({ test: "", reason: "no test passed" });
  if (tests.length > 0) return { kind: "not-covered", tests, run };
  return { kind: "covered", run: { ...run, level: "out-of-process" } };
}
