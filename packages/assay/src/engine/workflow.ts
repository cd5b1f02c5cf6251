import type { Goal, Result } from "@assay/sdk";
import type { Run } from "./run.ts";

/**
 * An ordinary async function over a `run` handle, replayed from the journal after a crash: code outside steps is deterministic,
 * and everything that is not happens inside one. `name` is lower-case letters and begins the run's id; a run
 * is pinned to `version`. What it returns is the run's result. A `FaultError` it throws ends or pauses the run, as `faultPolicy` says.
 */
export type Workflow<G extends Goal = Goal, R extends Result = Result> = {
  name: string;
  version: number;
  run(run: Run, goal: G): Promise<R>;
};
