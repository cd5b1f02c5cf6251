import type { RunEvent } from "@assay/sdk";
import { type RunId, raise } from "#domain";
import type { RunEnd } from "./execute.ts";
import { project, type RunState } from "./project-run.ts";

/** How a finished run ended, from its journal. */
export function recordedEnd(run: RunId, events: readonly RunEvent[]): RunEnd {
  const { result } = project(events);
  // What was remarked later is no part of the execution.
  const last = events.findLast(({ type }) => type === "result");
  if (result === undefined || last === undefined) throw new Error(`run ${run} has no result`);
  return { run, result, seq: last.seq, at: last.at, recorded: true };
}

export function refuseIfFinished(run: RunId, { result }: RunState): void {
  if (result !== undefined) raise("run-finished", `run ${run} is finished`, `see its result with: assay show ${run}`);
}

/** A run that is a part of another one goes on with that one: what it may use is the other's to give. */
export function refuseIfPart(run: RunId, { parent }: RunState): void {
  if (parent === undefined) return;
  raise("usage", `run ${run} is a part of run ${parent.run}`, `go on with that one: assay resume ${parent.run}`);
}
