import type { TenantWork } from "./tenant-work.ts";
import { WorkerSession } from "./worker-session.ts";

/** Whoever else revokes a worker, its streams end within this. */
const lookMs = 250;

/** The workers that were heard of since the daemon began. Bounded by the registry: only an admitted worker has one. */
export class WorkerSessions implements AsyncDisposable {
  readonly #tenants: ReadonlyMap<string, TenantWork>;
  readonly #onProblem: (error: unknown) => void;
  readonly #sessions = new Map<string, WorkerSession>();
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;

  constructor(tenants: ReadonlyMap<string, TenantWork>, onProblem: (error: unknown) => void) {
    this.#tenants = tenants;
    this.#onProblem = onProblem;
    this.#timer = setInterval(() => {
      this.#looking ??= this.#lookAtAll();
    }, lookMs).unref();
  }

  open(tenant: string, worker: string): WorkerSession {
    const known = this.find(tenant, worker);
    if (known !== undefined) return known;
    const session = new WorkerSession(tenant, worker);
    this.#sessions.set(keyOf(tenant, worker), session);
    return session;
  }

  find(tenant: string, worker: string): WorkerSession | undefined {
    return this.#sessions.get(keyOf(tenant, worker));
  }

  tellAll(): void {
    for (const session of this.#sessions.values()) session.tell();
  }

  /** Ends the streams of a worker that was revoked, and its claims. */
  async look(tenant: string, worker: string): Promise<void> {
    const session = this.find(tenant, worker);
    const work = this.#tenants.get(tenant);
    if (session === undefined || work === undefined || session.revokedBecause !== undefined) return;
    const revoked = (await work.registry.get(worker))?.revoked;
    if (revoked === undefined) return;
    session.revoke(revoked.because);
    await work.queue.revoke(worker, "revoked", revoked.because);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #lookAtAll(): Promise<void> {
    try {
      for (const { tenant, worker } of this.#sessions.values()) await this.look(tenant, worker);
    } catch (error) {
      this.#onProblem(error);
    } finally {
      this.#looking = undefined;
    }
  }
}

function keyOf(tenant: string, worker: string): string {
  return `${worker} ${tenant}`;
}
