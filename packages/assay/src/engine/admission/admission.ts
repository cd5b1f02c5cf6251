import type { RunId } from "#domain";

export type AdmissionLimits = {
  /** Runs that are executed at the same time. */
  runsMax: number;
  /** Runs that wait for their turn, of all tenants together. */
  queuedMax: number;
};

/** Each has an execution in memory. */
const asideMax = 1_000;

/** `refused`: the queue is full; ask again later. `position`: how many runs go before it, at least. */
export type AdmissionAnswer = { kind: "queued"; position: number } | { kind: "known" } | { kind: "refused" };

/**
 * Which run is executed next, under limits. Pure: it starts nothing and knows no time.
 * - Tenants take turns: the one with the fewest runs under way goes first, of those the one that was served the longest ago; a
 *   tenant's own runs go in the order in which they came. A tenant alone may use all there is.
 * - A run is in it once: queued, under way, or set aside while it only waits for workers. One that comes back goes before what its
 *   tenant has not begun, in the order in which they come back.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #queues = new Map<string, Set<RunId>>();
  /** Those that come back. */
  readonly #returning = new Map<string, Set<RunId>>();
  readonly #tenants = new Map<RunId, string>();
  readonly #running = new Map<RunId, string>();
  readonly #aside = new Map<RunId, string>();
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
    return this.isFull ? { kind: "refused" } : this.readmit(run, tenant);
  }

  /** Queues a run that was promised before, after a restart for one: beyond the limit of the queue if need be. */
  readmit(run: RunId, tenant: string): Exclude<AdmissionAnswer, { kind: "refused" }> {
    if (this.#knows(run)) return { kind: "known" };
    const position = (this.#queues.get(tenant)?.size ?? 0) + (this.#returning.get(tenant)?.size ?? 0);
    this.#queue(this.#queues, run, tenant);
    return { kind: "queued", position };
  }

  /** A further run would find no place. */
  get isFull(): boolean {
    const free = Math.max(0, this.#limits.runsMax - this.#running.size);
    return this.#tenants.size >= this.#limits.queuedMax + free;
  }

  /** Takes the run whose turn it is out of the queue: it is under way until `release`. `undefined`: none, or none may begin now. */
  next(): { run: RunId; tenant: string } | undefined {
    if (this.#running.size >= this.#limits.runsMax) return undefined;
    const tenant = this.#tenantInTurn();
    if (tenant === undefined) return undefined;
    const [run] = this.#returning.get(tenant) ?? this.#queues.get(tenant) ?? [];
    if (run === undefined) return undefined;
    this.withdraw(run);
    this.#running.set(run, tenant);
    this.#served.set(tenant, ++this.#turn);
    return { run, tenant };
  }

  /** The run is not executed any more, whatever became of it. False: it was not under way. */
  release(run: RunId): boolean {
    return this.#aside.delete(run) || this.#running.delete(run);
  }

  /**
   * The run only waits for others, or gave up coming back: another one may begin. False: it was neither under way nor coming back, or
   * too many are set aside, and it stays where it is.
   */
  setAside(run: RunId): boolean {
    if (this.#aside.size >= asideMax) return false;
    const tenant = this.#running.get(run) ?? this.#tenants.get(run);
    if (tenant === undefined || !(this.#running.delete(run) || this.#take(this.#returning, run, tenant))) return false;
    this.#aside.set(run, tenant);
    return true;
  }

  /** A run that was set aside wants to go on: `next` gives it when it may. False: it was not set aside. */
  comeBack(run: RunId): boolean {
    const tenant = this.#aside.get(run);
    if (tenant === undefined) return false;
    this.#aside.delete(run);
    this.#queue(this.#returning, run, tenant);
    return true;
  }

  /** Takes a queued run out, because it was cancelled. False: it was not queued. */
  withdraw(run: RunId): boolean {
    const tenant = this.#tenants.get(run);
    if (tenant === undefined) return false;
    return this.#take(this.#queues, run, tenant) || this.#take(this.#returning, run, tenant);
  }

  depth(): { queued: number; running: number } {
    return { queued: this.#tenants.size, running: this.#running.size };
  }

  #knows(run: RunId): boolean {
    return this.#tenants.has(run) || this.#running.has(run) || this.#aside.has(run);
  }

  #queue(queues: Map<string, Set<RunId>>, run: RunId, tenant: string): void {
    const queue = queues.get(tenant) ?? new Set();
    queues.set(tenant, queue.add(run));
    this.#tenants.set(run, tenant);
  }

  #take(queues: Map<string, Set<RunId>>, run: RunId, tenant: string): boolean {
    const queue = queues.get(tenant);
    if (queue?.delete(run) !== true) return false;
    if (queue.size === 0) queues.delete(tenant);
    return this.#tenants.delete(run);
  }

  #tenantInTurn(): string | undefined {
    const running = new Map<string, number>();
    for (const tenant of this.#running.values()) running.set(tenant, (running.get(tenant) ?? 0) + 1);
    const rank = (tenant: string): [number, number] => [running.get(tenant) ?? 0, this.#served.get(tenant) ?? 0];
    let best: string | undefined;
    for (const tenant of [...this.#returning.keys(), ...this.#queues.keys()])
      if (best === undefined || isBefore(rank(tenant), rank(best))) best = tenant;
    return best;
  }
}

function isBefore([runningA, servedA]: [number, number], [runningB, servedB]: [number, number]): boolean {
  return runningA === runningB ? servedA < servedB : runningA < runningB;
}
