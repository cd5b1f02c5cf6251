import type { Goal } from "@assay/sdk";
import type { WorkflowTools } from "../tools.ts";

/** What a repair has to reach: tests that must turn green, and what a verdict on that needs. */
export type RepairGoal = Pick<Extract<Goal, { kind: "heal" }>, "root" | "tests" | "minLevel">;

export type RepairTools = WorkflowTools;
