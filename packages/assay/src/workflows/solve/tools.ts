import type { Goal } from "@assay/sdk";
import type { Panel } from "#ports";
import type { WorkflowTools } from "../shared/tools.ts";

export type SolveGoal = Extract<Goal, { kind: "solve" }>;

/** Everything the solve workflow touches the world with. */
export type SolveTools = WorkflowTools & {
  /** Who is asked for this goal. Throws a `FaultError` of code `usage` for who is not known. */
  panel: (goal: SolveGoal) => Promise<Panel>;
};
