import { FaultError, fault } from "#domain";

/** The fault of a run whose recorded events cannot be trusted; other runs stay usable. */
export function corruptRun(run: string, seq: number, what: string, path: string): FaultError {
  return new FaultError(
    fault(
      "journal-corrupt",
      `run ${run} is damaged at event ${seq}: ${what} (${path})`,
      "start a new run; other runs are not affected",
    ),
  );
}
