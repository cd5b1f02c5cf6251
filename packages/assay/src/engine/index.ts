export { type Clock, systemClock } from "./clock.ts";
export { Engine, type EngineOptions, type ExecuteOptions, type RunListing } from "./engine.ts";
export type { RunEnd } from "./execute.ts";
export { newRunId } from "./new-run-id.ts";
export { lastBudget, project, type RunState, type RunStatus } from "./project-run.ts";
export type { AllOptions, EmittedEvent, Reservation, Run } from "./run.ts";
export type { Workflow } from "./workflow.ts";
