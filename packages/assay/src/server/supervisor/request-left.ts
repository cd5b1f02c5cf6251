import type { DriveRequest } from "./drive.ts";
import type { ResumeIntent } from "./resume-intents.ts";
import type { RunRow } from "./run-row.ts";

/** Of a run that is paused by one of these, nobody but the daemon is to go on with it. */
const passing: ReadonlySet<string | undefined> = new Set(["stopped", "run-locked"]);

/** Whether a run that came to this goes on by itself as soon as it may. */
export function isPassing(fault: { code: string } | undefined): boolean {
  return passing.has(fault?.code);
}

/** With what a run is gone on with at once that nobody drives; `undefined`: it is not. Pure. */
export function requestLeft(row: RunRow, intent: ResumeIntent | undefined): DriveRequest | undefined {
  const { status, standing, isPart, unreadable } = row;
  // A part of another run goes on with that.
  if (unreadable !== undefined || isPart || status === "cancelled") return undefined;
  const request = requestOf(row, intent);
  if (status === "finished") return request.apply === true ? request : undefined;
  const isLeft = intent !== undefined && !isClaimed(row, intent);
  // Claimed, and driven by nobody: nobody else works on the project.
  const isAbandoned = status === "queued" || status === "running";
  return isLeft || isAbandoned || isPassing(standing.fault) ? request : undefined;
}

/** With what a run is gone on with, whenever that is. Pure. */
export function requestOf(row: RunRow, intent: ResumeIntent | undefined): DriveRequest {
  if (intent === undefined || !isClaimed(row, intent)) return intent?.request ?? {};
  // What it was given is in its claim: given again, it would be twice as much.
  const { apply } = intent.request;
  return apply === undefined ? {} : { apply };
}

function isClaimed({ claimedAt }: RunRow, { after }: ResumeIntent): boolean {
  return after === undefined || claimedAt > after;
}
