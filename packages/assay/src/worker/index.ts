export type { Executor, Executors, WorkContext } from "./executor.ts";
export { analyzeExecutor } from "./executors/analyze.ts";
export { checkExecutor } from "./executors/check.ts";
export { proposeExecutor } from "./executors/propose.ts";
export { runWorker, type WorkerEvent, type WorkerOptions } from "./run-worker.ts";
