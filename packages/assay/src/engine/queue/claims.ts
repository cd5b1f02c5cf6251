import type { ReleaseReason } from "@assay/sdk";
import type { Claim } from "#ports";
import type { OfferedTask } from "./offered-task.ts";

/** Which tasks each worker has. */
export class Claims {
  readonly #byWorker = new Map<string, Set<OfferedTask>>();
  /** How often each worker's claims were all made void: a claim that was being written then is void too. */
  readonly #voidings = new Map<string, number>();
  readonly #revoked = new Set<string>();

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

  voidingsOf(worker: string): number {
    return this.#voidings.get(worker) ?? 0;
  }

  isRevoked(worker: string): boolean {
    return this.#revoked.has(worker);
  }

  /** All claims of the worker are void. Only a revocation says something of it: after a stop it is as good as before. */
  void(worker: string, reason: ReleaseReason): void {
    this.#voidings.set(worker, this.voidingsOf(worker) + 1);
    if (reason === "revoked") this.#revoked.add(worker);
  }
}
