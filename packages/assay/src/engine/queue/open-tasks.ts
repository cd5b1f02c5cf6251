import type { TaskOffer } from "#ports";
import { Heap } from "./heap.ts";
import type { OfferedTask } from "./offered-task.ts";

/** Who asks for a task. */
export type AskingWorker = { id: string; role: TaskOffer["role"]; capabilities: readonly string[] };

/** Tasks that want the same of a worker. */
type Lane = { offer: Pick<TaskOffer, "role" | "capabilities">; tasks: Heap<OfferedTask> };

/** Tasks that wait for a worker, by what they want of one: a search looks at kinds of work, not at tasks. */
export class OpenTasks {
  readonly #lanes = new Map<string, Lane>();

  add(task: OfferedTask): void {
    const key = laneOf(task.offer);
    const lane = this.#lanes.get(key) ?? { offer: task.offer, tasks: new Heap(({ ordinal }) => ordinal) };
    lane.tasks.push(task);
    this.#lanes.set(key, lane);
  }

  /** Takes out the oldest that this worker can do. */
  take(worker: AskingWorker): OfferedTask | undefined {
    let oldest: { key: string; lane: Lane; ordinal: number } | undefined;
    for (const [key, lane] of this.#lanes) {
      if (!canDo(worker, lane.offer)) continue;
      const next = firstQueued(lane.tasks);
      if (next === undefined) this.#lanes.delete(key);
      else if (oldest === undefined || next.ordinal < oldest.ordinal) oldest = { key, lane, ordinal: next.ordinal };
    }
    if (oldest === undefined) return undefined;
    const task = oldest.lane.tasks.pop();
    if (oldest.lane.tasks.size === 0) this.#lanes.delete(oldest.key);
    return task;
  }
}

export function canDo(worker: AskingWorker, { role, capabilities }: Lane["offer"]): boolean {
  return worker.role === role && capabilities.every((capability) => worker.capabilities.includes(capability));
}

/** What was withdrawn meanwhile is taken out when it comes to the front. */
function firstQueued(tasks: Heap<OfferedTask>): OfferedTask | undefined {
  for (;;) {
    const first = tasks.peek();
    if (first === undefined || first.standing.kind === "queued") return first;
    tasks.pop();
  }
}

function laneOf({ role, capabilities }: TaskOffer): string {
  return JSON.stringify([role, ...capabilities.toSorted()]);
}
