import type { RunEvent, RunEventBody } from "@assay/sdk";
import type { RunId } from "#domain";
import type { WorkQueue } from "#ports";

type TaskEventType = "task-queued" | "task-claimed" | "task-released" | "task-finished";
export type TaskEventBody = Extract<RunEventBody, { type: TaskEventType }>;
export type TaskEvent = RunEvent & TaskEventBody;

/** What an execution lends the queue while it runs: the right to write of its run's tasks, and what was written of them before. */
export type TaskPen = {
  /** The events of this task so far, oldest first. */
  history(task: string): readonly TaskEvent[];
  /** All or none, in order. Resolves once they are kept, with what is in the journal. */
  append(events: readonly TaskEventBody[]): Promise<readonly RunEvent[]>;
};

/** A queue that writes with the pens of the executions whose tasks it has. */
export type LendingQueue = WorkQueue & { lend(run: RunId, pen: TaskPen): Disposable };

type Waiting = {
  events: readonly TaskEventBody[];
  resolve: (events: readonly RunEvent[]) => void;
  reject: (error: unknown) => void;
};

/** Events in one append. */
const eventsMax = 256;

/** Joins what is to be written while an append is under way into the next one: many workers' claims then share one fsync. */
export function joiningAppends(append: TaskPen["append"]): TaskPen["append"] {
  const waiting: Waiting[] = [];
  let writing = false;

  async function drain(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      // What this turn of the event loop still has to say joins in.
      await Promise.resolve();
      const batch = takeUpTo(eventsMax);
      try {
        const kept = await append(batch.flatMap(({ events }) => events));
        let at = 0;
        for (const { events, resolve } of batch) {
          resolve(kept.slice(at, at + events.length));
          at += events.length;
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    writing = false;
  }

  function takeUpTo(most: number): Waiting[] {
    let count = 0;
    let end = 0;
    for (const { events } of waiting) {
      count += events.length;
      if (end > 0 && count > most) break;
      end++;
    }
    return waiting.splice(0, end);
  }

  return (events) =>
    new Promise((resolve, reject) => {
      waiting.push({ events, resolve, reject });
      if (!writing) void drain();
    });
}

export function isTaskEvent(event: RunEvent): event is TaskEvent {
  switch (event.type) {
    case "task-queued":
    case "task-claimed":
    case "task-released":
    case "task-finished":
      return true;
    default:
      return false;
  }
}
