export { audit } from "./audit/audit.ts";
export type { Audit, AuditTools, CheatResult } from "./audit/subject.ts";
export { healWorkflow } from "./heal/heal.ts";
export type { HealGoal, HealTools } from "./heal/tools.ts";
export { judgeWorkflow } from "./judge/judge.ts";
export type { JudgeGoal, JudgeTools } from "./judge/tools.ts";
export { observeAgain } from "./shared/observe-again.ts";
export type { Progress, WorkflowTools } from "./shared/tools.ts";
