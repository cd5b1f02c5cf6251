import type { Goal } from "@assay/sdk";
import type { Revisions } from "#ports";
import type { WorkflowTools } from "../shared/tools.ts";

export type JudgeGoal = Extract<Goal, { kind: "judge" }>;

/** Everything the judge workflow touches the world with. */
export type JudgeTools = WorkflowTools & { revisions: Revisions };
