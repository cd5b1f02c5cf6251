import type { Fault, FaultCode, Result, RunOutcome } from "@assay/sdk";
import { FaultError, fault, faultPolicy, type RunId } from "#domain";

/** Terminal for this execution, yet nothing that should be the run's last word: a later version or a repaired machine can go on. */
const neverFinal: readonly FaultCode[] = [
  "defect",
  "workflow-changed",
  "journal-corrupt",
  "state-not-writable",
  "run-finished",
];

/** A fault that belongs to the run's history: a replay meets it again. */
export function isRecordable({ code }: Fault): boolean {
  return faultPolicy(code).disposition === "terminal" && code !== "cancelled" && !neverFinal.includes(code);
}

/** Why a run stops whose interruption came: what the reason says, where that is a `FaultError` such as an emergency stop's. */
export function interruptionOf({ reason }: AbortSignal, run: RunId, root: RunId): Fault {
  if (reason instanceof FaultError) return reason.fault;
  return fault("interrupted", `run ${run} was interrupted`, `continue with: assay resume ${root}`);
}

/** The fault behind anything thrown: what is not a `FaultError` is our own bug. */
export function faultOf(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return fault(
    "defect",
    `assay met a bug of its own: ${text.slice(0, 2000)}`,
    "please report it; the run can be resumed",
  );
}

/**
 * What a run that ended by a fault says to people and scripts. A defect's outcome is `failed`, but it is never recorded as the run's
 * result: a repaired version of assay resumes the run.
 */
export function faultResult(cause: Fault, outcome: RunOutcome = finalOutcome(cause)): Result {
  return {
    type: "result",
    outcome,
    exitCode: faultPolicy(cause.code).exitCode,
    summary: cause.remedy === undefined ? cause.message : `${cause.message}; ${cause.remedy}`,
    fault: cause,
  };
}

function finalOutcome({ code }: Fault): RunOutcome {
  switch (faultPolicy(code).exitCode) {
    case 1:
      return "rejected";
    case 3:
      return "inconclusive";
    case 130:
      return "cancelled";
    default:
      return "failed";
  }
}
