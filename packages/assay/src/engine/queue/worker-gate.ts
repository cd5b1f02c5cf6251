import type { ClaimEnd } from "./task-listener.ts";

/** `expiredElsewhere`: the lease of another worker on the same task expired before. */
export type EndedTask = { run: string; task: string; expiredElsewhere: boolean };

/** Keeps workers whose tasks go wrong from getting more. */
export type WorkerGate = {
  /** May this worker begin a task now? A yes may be the one probe after a pause. */
  enter(worker: string): boolean;
  /** Resolves when it is worth asking again, or the signal aborts; at once when it may begin. */
  mayEnter(worker: string, signal: AbortSignal): Promise<void>;
  /** Must not throw. */
  ended(worker: string, how: ClaimEnd, task: EndedTask): void;
};
