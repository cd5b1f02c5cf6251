export { assayVersion } from "./assay-version.ts";
export { auditProject } from "./audit-project.ts";
export { initialise } from "./initialise.ts";
export { forgetLessons, knownMethods, learnedLessons } from "./knowledge-of-user.ts";
export { examineMachine, listCrashPoints, type MachineCheck, repairMachine } from "./machine-check.ts";
export { mutateProject } from "./mutate-project.ts";
export { type OpenProject, openProject } from "./open-project.ts";
export { verifyAgain } from "./verify-again.ts";
