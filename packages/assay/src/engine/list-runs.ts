import type { FaultError, RunId } from "#domain";
import type { Journal } from "#ports";
import { faultOf } from "./conclusion.ts";
import { project, type RunState } from "./project-run.ts";

export type RunListing = { run: RunId; startedAt: number; lastEventAt: number; events: number } & (
  | { kind: "readable"; state: RunState }
  | { kind: "unreadable"; fault: FaultError["fault"] }
);

/** Newest first; a run that cannot be read is listed with its fault. */
export async function listRuns(journal: Journal): Promise<RunListing[]> {
  const listings: RunListing[] = [];
  for (const summary of await journal.runs()) {
    try {
      listings.push({ ...summary, kind: "readable", state: project(await journal.read(summary.run)) });
    } catch (error) {
      listings.push({ ...summary, kind: "unreadable", fault: faultOf(error) });
    }
  }
  return listings;
}

/** The newest run that is no part of another one, whether it can be read or not. */
export async function newestRun(journal: Journal): Promise<RunId | undefined> {
  for (const { run } of await journal.runs()) {
    const [first] = await journal.read(run).catch(() => []);
    if (first?.type !== "run-started" || first.parent === undefined) return run;
  }
  return undefined;
}
