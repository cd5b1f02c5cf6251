import type { Digest } from "@assay/sdk";
import type { TaskEnd } from "#ports";
import type { TaskEvent, TaskEventBody } from "./task-pen.ts";

/** What the journal says of a task. `claims`: how often it was claimed; `tries`: claims that ended without a result and count. */
export type TaskRecord =
  | { kind: "unknown" }
  | { kind: "queued"; input: Digest; claims: number; tries: number }
  | {
      kind: "claimed";
      input: Digest;
      claims: number;
      tries: number;
      worker: string;
      token: number;
      leaseMs: number;
    }
  | { kind: "finished"; input: Digest; end: TaskEnd };

/** Folds a task's events, oldest first. What is said of a task before it was offered, or after it ended, changes nothing. */
export function recordOf(events: readonly TaskEvent[]): TaskRecord {
  let record: TaskRecord = { kind: "unknown" };
  let leaseMs = 1;
  for (const event of events) {
    if (record.kind === "finished") return record;
    if (event.type === "task-queued") {
      leaseMs = event.leaseMs;
      if (record.kind === "unknown") record = { kind: "queued", input: event.input, claims: 0, tries: 0 };
    } else if (record.kind !== "unknown") record = afterEvent(record, event, leaseMs);
  }
  return record;
}

type OpenRecord = Extract<TaskRecord, { kind: "queued" | "claimed" }>;

function afterEvent(
  record: OpenRecord,
  event: Exclude<TaskEvent, { type: "task-queued" }>,
  leaseMs: number,
): TaskRecord {
  const { input, claims, tries } = record;
  switch (event.type) {
    case "task-claimed":
      return { kind: "claimed", input, claims: event.attempt, tries, worker: event.worker, token: event.seq, leaseMs };
    case "task-released":
      if (record.kind !== "claimed" || record.token !== event.token) return record;
      return { kind: "queued", input, claims, tries: tries + (countsAsTry(event.reason) ? 1 : 0) };
    case "task-finished":
      return { kind: "finished", input, end: endOf(event, claims) };
  }
}

/** That this side stopped is nothing that the task or the worker did; what was given back, or reached nobody, was not tried. */
export function countsAsTry(reason: string): boolean {
  return reason !== "stopped" && reason !== "returned";
}

export function endOf(event: Extract<TaskEventBody, { type: "task-finished" }>, attempts: number): TaskEnd {
  const { worker, token, output, statement, detail, durationMs } = event;
  return {
    outcome: event.outcome === "done" ? "done" : "failed",
    detail,
    attempts,
    durationMs,
    ...(worker === undefined ? {} : { worker }),
    ...(token === undefined ? {} : { token }),
    ...(output === undefined ? {} : { output }),
    ...(statement === undefined ? {} : { statement }),
  };
}
