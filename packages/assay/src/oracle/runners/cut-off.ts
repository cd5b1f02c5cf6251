import type { Failure, Termination, TestOutcome, TestResult } from "@assay/sdk";
import { assertNever } from "#domain";

type CutOff = { outcome: TestOutcome; type: string; message: string };

/**
 * The result of a test that was running when its process ended without an answer.
 * Its own doing (the process exited or crashed) is `errored`; a limit or a kill from outside may be
 * somebody else's, so it stays `not-run` with the cause noted; the wall clock is `timed-out`.
 */
export function cutOffResult(id: string, file: string, termination: Termination): TestResult {
  const { outcome, type, message } = cutOff(termination);
  const failure: Failure = { type, message, file, frames: [] };
  return { id, file, outcome, failure, durationMs: 0 };
}

function cutOff(termination: Termination): CutOff {
  switch (termination.kind) {
    case "exited":
      return {
        outcome: "errored",
        type: "ProcessExited",
        message: `the test process exited with code ${termination.code} while this test was running`,
      };
    case "signalled":
      return {
        // SIGKILL comes from outside: the kernel's memory killer, or an operator.
        outcome: termination.signal === "SIGKILL" ? "not-run" : "errored",
        type: "ProcessCrashed",
        message: `the test process was ended by ${termination.signal} while this test was running`,
      };
    case "timed-out":
      return {
        outcome: "timed-out",
        type: "Timeout",
        message: `still running when the time limit of ${termination.wallMsMax} ms was reached`,
      };
    case "limited":
      return {
        outcome: "not-run",
        type: termination.by === "memory" ? "MemoryLimit" : "ResourceLimit",
        message: `the limit on ${termination.by} was reached while this test was running`,
      };
    case "cancelled":
      return { outcome: "not-run", type: "Cancelled", message: "the run was cancelled while this test was running" };
    case "sandbox-fault":
      return { outcome: "not-run", type: "SandboxFault", message: termination.message };
    default:
      return assertNever(termination);
  }
}
