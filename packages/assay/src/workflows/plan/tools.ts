import type { Digest, Goal, PlannedTask } from "@assay/sdk";
import type { Replan } from "#domain";
import type { Run, Workflow } from "#engine";
import type { Progress } from "../shared/tools.ts";

export type PlanGoal = Extract<Goal, { kind: "plan" }>;

export type DelegatedTask = PlannedTask & { work: Extract<PlannedTask["work"], { kind: "delegate" }> };

/** How a task ended that was handed to workers. `retryable`: it may pass on another try; default false. */
export type DelegatedEnd = {
  outcome: "done" | "failed";
  output?: Digest;
  detail: string;
  retryable?: boolean;
  /** Its end is not in the journal yet; absent: it is, with the work itself. */
  journaled?: false;
};

/**
 * Hands a task to workers and waits for its end. `key` is that of the task and of the try, unique in the run. It keeps to the rules
 * of `run`, so that a replay asks nobody again.
 */
export type Delegate = (run: Run, key: string, task: DelegatedTask) => Promise<DelegatedEnd>;

/** Everything the plan workflow touches the world with. */
export type PlanTools = {
  /** What a goal within the plan is reached by. */
  workflowOf: (goal: Goal) => Workflow;
  /** Absent where no workers are served. */
  delegate?: Delegate;
  /** Asked when a task failed, and every `replanMs` of the plan. Default: what may pass is tried once more. */
  replan?: Replan;
  progress: (progress: Progress) => void;
};
