import {
  forgottenAfterMs,
  type RegisteredWorker,
  type Registration,
  refuseMoreWorkers,
  type WorkerRegistry,
  workerIdOf,
  workersMax,
} from "#ports";

/** Workers in this process's memory. */
export class MemoryWorkerRegistry implements WorkerRegistry {
  readonly #workers = new Map<string, RegisteredWorker>();
  readonly #tenant: string;
  readonly #now: () => number;
  readonly #workersMax: number;

  constructor(options: { tenant: string; now?: () => number; workersMax?: number }) {
    this.#tenant = options.tenant;
    this.#now = options.now ?? Date.now;
    this.#workersMax = options.workersMax ?? workersMax;
  }

  async register(registration: Registration): Promise<RegisteredWorker> {
    const id = workerIdOf(this.#tenant, registration.publicKey);
    const at = this.#now();
    const known = this.#workers.get(id);
    if (known === undefined && this.#workers.size >= this.#workersMax) this.#makeRoom();
    const fresh = { attest: false, registeredAt: at, done: 0, failed: 0, reexecuted: { agreed: 0, differed: 0 } };
    const worker = { ...fresh, ...known, ...registration, id, lastSeenAt: at };
    this.#workers.set(id, worker);
    return structuredClone(worker);
  }

  async get(id: string): Promise<RegisteredWorker | undefined> {
    return structuredClone(this.#workers.get(id));
  }

  async revocations(): Promise<ReadonlyMap<string, string>> {
    const because = [...this.#workers.values()].map(({ id, revoked }) => [id, revoked?.because] as const);
    return new Map(because.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
  }

  async list(): Promise<RegisteredWorker[]> {
    return structuredClone([...this.#workers.values()]);
  }

  async seen(id: string): Promise<void> {
    this.#change(id, () => ({ lastSeenAt: this.#now() }));
  }

  async grantAttest(id: string, granted: boolean): Promise<void> {
    this.#change(id, () => ({ attest: granted }));
  }

  async revoke(id: string, because: string): Promise<void> {
    this.#change(id, ({ revoked }) => ({ revoked: revoked ?? { at: this.#now(), because } }));
  }

  async count(id: string, what: "done" | "failed" | "agreed" | "differed"): Promise<void> {
    this.#change(id, (worker) =>
      what === "done" || what === "failed"
        ? { [what]: worker[what] + 1 }
        : { reexecuted: { ...worker.reexecuted, [what]: worker.reexecuted[what] + 1 } },
    );
  }

  #makeRoom(): void {
    const unseenSince = this.#now() - forgottenAfterMs;
    const [oldest] = [...this.#workers.values()]
      .filter(({ attest, revoked, done, failed, reexecuted, lastSeenAt }) => {
        const history = done + failed + reexecuted.agreed + reexecuted.differed;
        return !attest && revoked === undefined && history === 0 && lastSeenAt < unseenSince;
      })
      .sort((a, b) => a.lastSeenAt - b.lastSeenAt);
    this.#workers.delete(oldest?.id ?? refuseMoreWorkers(this.#workersMax));
  }

  #change(id: string, change: (worker: RegisteredWorker) => Partial<RegisteredWorker>): void {
    const worker = this.#workers.get(id);
    if (worker !== undefined) this.#workers.set(id, { ...worker, ...change(worker) });
  }
}
