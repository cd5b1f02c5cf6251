import { join } from "node:path";
import type { RunEvent } from "@assay/sdk";
import { project } from "#engine";
import type { Journal } from "#ports";
import type { PrunableRun } from "./choose-runs.ts";
import { isThere, receiptIn } from "./run-folders.ts";

/** A tenant's runs as they stand in the journal; `runs` is the folder of their artifacts. */
export async function prunableRuns(journal: Journal, runs: string): Promise<PrunableRun[]> {
  const found: PrunableRun[] = [];
  for (const { run, lastEventAt } of await journal.runs()) {
    const events = await journal.read(run).catch(() => undefined);
    found.push({
      run,
      lastEventAt,
      status: events === undefined ? "unreadable" : hasEnded(events) ? "ended" : "open",
      refersTo: (events ?? []).flatMap(otherRun),
      hasReceipt: await hasReceipt(join(runs, run), events ?? []),
    });
  }
  return found;
}

function hasEnded(events: readonly RunEvent[]): boolean {
  const { status } = project(events);
  return status === "finished" || status === "cancelled";
}

function otherRun(event: RunEvent): string[] {
  if (event.type === "child-started") return [event.child];
  return event.type === "run-forked" ? [event.from] : [];
}

/** Where it was written, or in the run's folder if that was moved; one that the user has removed is not kept. */
async function hasReceipt(folder: string, events: readonly RunEvent[]): Promise<boolean> {
  for (const event of events) {
    if (event.type !== "artifact-written" || event.kind !== "receipt") continue;
    if ((await isThere(event.path)) || (await receiptIn(folder))) return true;
  }
  return false;
}
