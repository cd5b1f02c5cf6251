import type { DriveRequest } from "./drive.ts";
import type { ResumeIntent } from "./resume-intents.ts";
import type { RunRow } from "./run-row.ts";

/** Of a run that is paused by one of these, nobody but the daemon is to go on with it. */
const passing: ReadonlySet<string | undefined> = new Set(["stopped", "run-locked"]);

/** With what a run is gone on with that nobody drives; `undefined`: it is not. Pure. */
export function requestLeft(row: RunRow, intent: ResumeIntent | undefined): DriveRequest | undefined {
  const { status, standing, isPart, unreadable, claimedAt } = row;
  // A part of another run goes on with that.
  if (unreadable !== undefined || isPart || status === "cancelled") return undefined;
  const isClaimed = intent !== undefined && (intent.after === undefined || claimedAt > intent.after);
  const { apply } = intent?.request ?? {};
  // What it was given is in its claim: given again, it would be twice as much.
  const request = intent === undefined || isClaimed ? { ...(apply === undefined ? {} : { apply }) } : intent.request;
  if (status === "finished") return apply === true ? request : undefined;
  const isLeft = intent !== undefined && !isClaimed;
  // Claimed, and driven by nobody: nobody else works on the project.
  const isAbandoned = status === "queued" || status === "running";
  return isLeft || isAbandoned || passing.has(standing.fault?.code) ? request : undefined;
}
