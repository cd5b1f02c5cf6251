export { assayVersion } from "./assay-version.ts";
export { auditProject } from "./audit-project.ts";
export { describeProgress } from "./describe-progress.ts";
export { initialise } from "./initialise.ts";
export { forgetLessons, knownMethods, learnedLessons } from "./knowledge-of-user.ts";
export { examineMachine, listCrashPoints, type MachineCheck, repairMachine } from "./machine-check.ts";
export { mutateProject } from "./mutate-project.ts";
export { type Driven, type OpenProject, openProject } from "./open-project.ts";
export { verifyAgain } from "./verify-again.ts";
