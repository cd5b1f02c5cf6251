export { healWorkflow } from "./heal/heal.ts";
export { observeAgain } from "./heal/observe-again.ts";
export type { HealGoal, HealProgress, HealTools } from "./heal/tools.ts";
