import type { OfferedTask } from "./offered-task.ts";
import { type AskingWorker, canDo } from "./open-tasks.ts";

type Waiter = { worker: AskingWorker; give: (task: OfferedTask | undefined) => void };

/** Workers that wait for a task, in the order in which they came. */
export class Waiters {
  readonly #waiters = new Set<Waiter>();

  /** `undefined`: the signal aborted, or the worker was dismissed. */
  wait(worker: AskingWorker, signal: AbortSignal): Promise<OfferedTask | undefined> {
    return new Promise((resolve) => {
      const stop = () => waiter.give(undefined);
      const waiter: Waiter = {
        worker,
        give: (task) => {
          this.#waiters.delete(waiter);
          signal.removeEventListener("abort", stop);
          resolve(task);
        },
      };
      this.#waiters.add(waiter);
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  /** To whoever has waited longest of those that can do it; false: nobody waits for such a task. */
  give(task: OfferedTask): boolean {
    for (const waiter of this.#waiters) {
      if (!canDo(waiter.worker, task.offer)) continue;
      waiter.give(task);
      return true;
    }
    return false;
  }

  dismiss(worker: string): void {
    for (const waiter of this.#waiters) if (waiter.worker.id === worker) waiter.give(undefined);
  }
}
