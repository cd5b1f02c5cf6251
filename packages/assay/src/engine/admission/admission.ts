import type { RunId } from "#domain";

export type AdmissionLimits = {
  /** Runs that are executed at the same time. */
  runsMax: number;
  /** Runs that wait for their turn, of all tenants together. */
  queuedMax: number;
};

/** `refused`: the queue is full; ask again later. `position`: how many runs go before it, at least. */
export type AdmissionAnswer = { kind: "queued"; position: number } | { kind: "known" } | { kind: "refused" };

/**
 * Which run is executed next, under limits. Pure: it starts nothing and knows no time.
 * - Tenants take turns: the one with the fewest runs under way goes first, of those the one that was served the longest ago; a
 *   tenant's own runs go in the order in which they came. A tenant alone may use all there is.
 * - A run is in it once: queued or under way.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #queues = new Map<string, Set<RunId>>();
  readonly #tenants = new Map<RunId, string>();
  readonly #running = new Map<RunId, string>();
  /** By tenant: at which turn it was served last. */
  readonly #served = new Map<string, number>();
  #turn = 0;

  constructor(limits: AdmissionLimits) {
    if (!(Number.isInteger(limits.runsMax) && limits.runsMax >= 1)) {
      throw new RangeError(`runsMax ${limits.runsMax} is not at least 1`);
    }
    if (!(Number.isInteger(limits.queuedMax) && limits.queuedMax >= 0)) {
      throw new RangeError(`queuedMax ${limits.queuedMax} is not at least 0`);
    }
    this.#limits = limits;
  }

  /** Queues a run. What can begin at once takes no place in the queue: with `queuedMax` 0 a run is taken only where one may begin. */
  admit(run: RunId, tenant: string): AdmissionAnswer {
    if (this.#knows(run)) return { kind: "known" };
    const free = Math.max(0, this.#limits.runsMax - this.#running.size);
    if (this.#tenants.size >= this.#limits.queuedMax + free) return { kind: "refused" };
    return this.readmit(run, tenant);
  }

  /** Queues a run that was promised before, after a restart for one: beyond the limit of the queue if need be. */
  readmit(run: RunId, tenant: string): Exclude<AdmissionAnswer, { kind: "refused" }> {
    if (this.#knows(run)) return { kind: "known" };
    const queue = this.#queues.get(tenant) ?? new Set();
    const position = queue.size;
    queue.add(run);
    this.#queues.set(tenant, queue);
    this.#tenants.set(run, tenant);
    return { kind: "queued", position };
  }

  /** Takes the run whose turn it is out of the queue: it is under way until `release`. `undefined`: none, or none may begin now. */
  next(): { run: RunId; tenant: string } | undefined {
    if (this.#running.size >= this.#limits.runsMax) return undefined;
    const tenant = this.#tenantInTurn();
    const [run] = (tenant === undefined ? undefined : this.#queues.get(tenant)) ?? [];
    if (tenant === undefined || run === undefined) return undefined;
    this.withdraw(run);
    this.#running.set(run, tenant);
    this.#served.set(tenant, ++this.#turn);
    return { run, tenant };
  }

  /** The run is not executed any more, whatever became of it. False: it was not under way. */
  release(run: RunId): boolean {
    return this.#running.delete(run);
  }

  /** Takes a queued run out, because it was cancelled. False: it was not queued. */
  withdraw(run: RunId): boolean {
    const tenant = this.#tenants.get(run);
    if (tenant === undefined) return false;
    const queue = this.#queues.get(tenant);
    queue?.delete(run);
    if (queue?.size === 0) this.#queues.delete(tenant);
    return this.#tenants.delete(run);
  }

  depth(): { queued: number; running: number } {
    return { queued: this.#tenants.size, running: this.#running.size };
  }

  #knows(run: RunId): boolean {
    return this.#tenants.has(run) || this.#running.has(run);
  }

  #tenantInTurn(): string | undefined {
    const running = new Map<string, number>();
    for (const tenant of this.#running.values()) running.set(tenant, (running.get(tenant) ?? 0) + 1);
    const rank = (tenant: string): [number, number] => [running.get(tenant) ?? 0, this.#served.get(tenant) ?? 0];
    let best: string | undefined;
    for (const tenant of this.#queues.keys())
      if (best === undefined || isBefore(rank(tenant), rank(best))) best = tenant;
    return best;
  }
}

function isBefore([runningA, servedA]: [number, number], [runningB, servedB]: [number, number]): boolean {
  return runningA === runningB ? servedA < servedB : runningA < runningB;
}
