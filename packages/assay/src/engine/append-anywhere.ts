import type { RunEvent } from "@assay/sdk";
import { type RunId, raise } from "#domain";
import type { AppendRequest, Journal } from "#ports";
import { project, type RunState } from "./project-run.ts";

/** Others may append at any time; more often in a row than this is not chance. */
const conflictsMax = 50;

/** A run's events; throws `run-not-found` where there are none. */
export async function readRun(journal: Journal, run: RunId): Promise<RunEvent[]> {
  const events = await journal.read(run);
  if (events.length === 0) raise("run-not-found", `there is no run ${run}`, "list the runs with: assay runs");
  return events;
}

/** Appends wherever the run stands, also while another process executes it; `decide` sees its state each time it is tried. */
export async function appendAnywhere(
  journal: Journal,
  run: RunId,
  decide: (state: RunState) => Pick<AppendRequest, "events" | "idempotencyKey">,
): Promise<"received" | "duplicate"> {
  for (let tries = 0; tries < conflictsMax; tries++) {
    const state = project(await readRun(journal, run));
    const { kind } = await journal.append({ run, expectedSeq: state.lastSeq, ...decide(state) });
    if (kind !== "conflict") return kind === "appended" ? "received" : "duplicate";
  }
  raise("journal-conflict", `run ${run} changes too fast`, "try again");
}
