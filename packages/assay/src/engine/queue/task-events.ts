import type { ReleaseReason } from "@assay/sdk";
import type { Claim, TaskOffer, TaskResult } from "#ports";
import type { TaskEventBody } from "./task-pen.ts";

type Finished = Extract<TaskEventBody, { type: "task-finished" }>;

/** How long an offer waits is no part of the task: it is counted anew each time. */
export function queuedEvent({ run: _run, waitMsMax: _waitMsMax, capabilities, ...rest }: TaskOffer): TaskEventBody {
  return { type: "task-queued", ...rest, capabilities: [...capabilities] };
}

export function releasedEvent({ offer, token }: Claim, reason: ReleaseReason, detail: string): TaskEventBody {
  return { type: "task-released", task: offer.task, token, reason, detail };
}

export function finishedEvent({ offer, token, worker }: Claim, result: TaskResult, durationMs: number): Finished {
  return { type: "task-finished", task: offer.task, token, worker, durationMs, ...result };
}

/** Nobody brought a result. */
export function failedEvent({ task }: TaskOffer, detail: string, durationMs: number): Finished {
  return { type: "task-finished", task, outcome: "failed", detail: detail.slice(0, 2000), durationMs };
}
