import type { Claim } from "#ports";
import type { OfferedTask } from "./offered-task.ts";

/** Which tasks each worker has. */
export class Claims {
  readonly #byWorker = new Map<string, Set<OfferedTask>>();
  /** How often each worker's claims were all made void: a claim that was being written then is void too. */
  readonly #revocations = new Map<string, number>();

  add(worker: string, task: OfferedTask): void {
    const tasks = this.#byWorker.get(worker) ?? new Set();
    tasks.add(task);
    this.#byWorker.set(worker, tasks);
  }

  remove(worker: string, task: OfferedTask): void {
    const tasks = this.#byWorker.get(worker);
    tasks?.delete(task);
    if (tasks?.size === 0) this.#byWorker.delete(worker);
  }

  of(worker: string): { task: OfferedTask; claim: Claim }[] {
    return [...(this.#byWorker.get(worker) ?? [])].flatMap((task) =>
      task.standing.claim?.worker === worker ? [{ task, claim: task.standing.claim }] : [],
    );
  }

  revocationsOf(worker: string): number {
    return this.#revocations.get(worker) ?? 0;
  }

  countRevocation(worker: string): void {
    this.#revocations.set(worker, this.revocationsOf(worker) + 1);
  }
}
