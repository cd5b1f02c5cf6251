export { healWorkflow } from "./heal/heal.ts";
export type { HealGoal, HealTools } from "./heal/tools.ts";
export { observeAgain } from "./shared/observe-again.ts";
export type { Progress, WorkflowTools } from "./shared/tools.ts";
