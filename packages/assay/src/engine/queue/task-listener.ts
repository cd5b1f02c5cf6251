import type { ReleaseReason } from "@assay/sdk";
import type { Claim } from "#ports";
import type { OfferedTask } from "./offered-task.ts";

/** How a claim ended; `gave-up`: the worker said that it cannot be done; `lost`: nothing can be written any more. */
export type ClaimEnd = "done" | "gave-up" | "lost" | ReleaseReason;

/** Is told of each change when it holds, or no longer does. Must not throw. */
export type TaskListener = {
  /** It waits for a worker. */
  queued(task: OfferedTask): void;
  held(task: OfferedTask, claim: Claim): void;
  freed(task: OfferedTask, claim: Claim, how: ClaimEnd): void;
};
