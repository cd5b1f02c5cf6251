export { audit } from "./audit/audit.ts";
export type { Audit, AuditTools, CheatResult } from "./audit/subject.ts";
export { approvalSignal, isAbout } from "./heal/approval.ts";
export { healWorkflow } from "./heal/heal.ts";
export type { HealGoal, HealTools } from "./heal/tools.ts";
export { judgeWorkflow } from "./judge/judge.ts";
export type { JudgeGoal, JudgeTools } from "./judge/tools.ts";
export { mutate } from "./mutate/mutate.ts";
export type {
  KnownMutant,
  KnownMutants,
  MutantResult,
  MutantStatus,
  MutatedFile,
  MutateGoal,
  MutateTools,
  Mutation,
} from "./mutate/mutation.ts";
export { mutantDiff } from "./mutate/output/mutant-diff.ts";
export { mutationHtml } from "./mutate/output/mutation-html.ts";
export { byFunction, percent, scoreOf } from "./mutate/output/score.ts";
export { strykerReport } from "./mutate/output/stryker-report.ts";
export { planWorkflow } from "./plan/plan.ts";
export type { Delegate, DelegatedEnd, DelegatedTask, PlanGoal, PlanTools } from "./plan/tools.ts";
export { goalOf, refuseProblems } from "./plan/work.ts";
export { askModel } from "./shared/ask-model.ts";
export type { AttestationDesk } from "./shared/attest/attestation-desk.ts";
export { attestedCheck, seenIn } from "./shared/attest/attested-check.ts";
export { observeAgain } from "./shared/observe-again.ts";
export type { Progress, WorkflowTools } from "./shared/tools.ts";
export { placeWithin } from "./solve/place-within.ts";
export { solveWorkflow } from "./solve/solve.ts";
export type { SolveGoal, SolveTools } from "./solve/tools.ts";
