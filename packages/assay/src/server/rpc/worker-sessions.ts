import type { TenantWork } from "./tenant-work.ts";
import { WorkerSession } from "./worker-session.ts";

/** Whoever else revokes a worker or its API key, its streams end within this. */
const lookMs = 250;

export type WorkerSessionsOptions = {
  tenants: ReadonlyMap<string, TenantWork>;
  keyStands: (tenant: string, keyId: string) => Promise<boolean>;
  /** Told of what no call can answer for. */
  onProblem: (error: unknown) => void;
};

/** The workers that were heard of since the daemon began. Bounded by the registry: only an admitted worker has one. */
export class WorkerSessions implements AsyncDisposable {
  readonly #options: WorkerSessionsOptions;
  readonly #sessions = new Map<string, WorkerSession>();
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;

  constructor(options: WorkerSessionsOptions) {
    this.#options = options;
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
    const work = this.#options.tenants.get(tenant);
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
      await this.#lookAtKeys();
    } catch (error) {
      this.#options.onProblem(error);
    } finally {
      this.#looking = undefined;
    }
  }

  /** Ends the streams of workers whose API key is no longer good, and the claims of those that came with no other since. */
  async #lookAtKeys(): Promise<void> {
    const stands = new Map<string, boolean>();
    for (const session of this.#sessions.values()) {
      const { tenant, worker } = session;
      for (const keyId of session.keyIds) {
        const key = keyOf(tenant, keyId);
        if (!stands.has(key)) stands.set(key, await this.#options.keyStands(tenant, keyId));
        if (stands.get(key) === true) continue;
        if (session.keyId === keyId) {
          const because = "the API key that the worker came with is no longer good";
          await this.#options.tenants.get(tenant)?.queue.revoke(worker, "revoked", because);
        }
        session.endKey(keyId);
      }
    }
  }
}

function keyOf(tenant: string, name: string): string {
  return `${name} ${tenant}`;
}
