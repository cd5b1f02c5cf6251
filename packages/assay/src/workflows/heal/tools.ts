import type { Goal } from "@assay/sdk";
import type { Proposer } from "#ports";
import type { WorkflowTools } from "../shared/tools.ts";

export type HealGoal = Extract<Goal, { kind: "heal" }>;

/** Everything the heal workflow touches the world with. */
export type HealTools = WorkflowTools & {
  /** Who is asked for this goal, in this order. */
  proposers: (goal: HealGoal) => readonly Proposer[];
};
