export { type CommandRunner, systemCommands } from "./command-runner.ts";
export { findMissing } from "./find-missing.ts";
export { type InstallOutcome, installMissing } from "./install.ts";
export { type Machine, readMachine } from "./machine.ts";
export { type InstallPlan, planInstall } from "./plan-install.ts";
export { type Purpose, purposes, type Requirement, type RequirementName } from "./requirement.ts";
