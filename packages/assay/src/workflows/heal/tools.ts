import type { Goal } from "@assay/sdk";
import type { Panel } from "#ports";
import type { WorkflowTools } from "../shared/tools.ts";

export type HealGoal = Extract<Goal, { kind: "heal" }>;

/** Everything the heal workflow touches the world with. */
export type HealTools = WorkflowTools & {
  /** Who is asked for this goal. Throws a `FaultError` of code `usage` for who is not known. */
  panel: (goal: HealGoal) => Promise<Panel>;
};
