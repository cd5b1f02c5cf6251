import { raise } from "#domain";
import type { TenantWork } from "./tenant-work.ts";
import { WorkerSession } from "./worker-session.ts";

/** Whoever else revokes a worker or its API key, its streams end within this. */
const lookMs = 250;
/** One that has nothing open, owes nothing and is silent for longer is forgotten: with its next word it is here again. */
const idleMsMax = 10 * 60_000;
/** For a worker that comes, and finds as many here as there may be, one that is silent for longer is forgotten. */
const idleWhenFullMsMax = 60_000;

export type WorkerSessionsOptions = {
  tenants: ReadonlyMap<string, TenantWork>;
  keyStands: (tenant: string, keyId: string) => Promise<boolean>;
  /** Milliseconds since the Unix epoch. */
  now: () => number;
  /** Workers of a tenant that are here at a time. Default 1,000. */
  sessionsMax?: number;
  /** Told of what no call can answer for. */
  onProblem: (error: unknown) => void;
};

/** The workers that were heard of since the daemon began. Bounded for each tenant; what is silent and has nothing is forgotten. */
export class WorkerSessions implements AsyncDisposable {
  readonly #options: WorkerSessionsOptions;
  readonly #tenants = new Map<string, Map<string, WorkerSession>>();
  readonly #sessionsMax: number;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;

  constructor(options: WorkerSessionsOptions) {
    this.#options = options;
    this.#sessionsMax = options.sessionsMax ?? 1_000;
    this.#timer = setInterval(() => void this.look(), lookMs).unref();
  }

  /** Throws `rate-limited` when as many workers are here as there may be. */
  open(tenant: string, worker: string): WorkerSession {
    const sessions = this.#tenants.get(tenant) ?? new Map<string, WorkerSession>();
    this.#tenants.set(tenant, sessions);
    const known = sessions.get(worker);
    if (known !== undefined) return known;
    if (sessions.size >= this.#sessionsMax) this.#makeRoom(tenant, sessions);
    const session = new WorkerSession(tenant, worker);
    sessions.set(worker, session);
    return session;
  }

  find(tenant: string, worker: string): WorkerSession | undefined {
    return this.#tenants.get(tenant)?.get(worker);
  }

  tellAll(): void {
    for (const session of this.#all()) session.tell();
  }

  /** Ends the streams of a worker that was revoked, and its claims. */
  async revoked(tenant: string, worker: string, because: string): Promise<void> {
    const session = this.find(tenant, worker);
    if (session === undefined || session.revokedBecause !== undefined) return;
    session.revoke(because);
    await this.#options.tenants.get(tenant)?.queue.revoke(worker, "revoked", because);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Ends what was revoked, and forgets what is long silent. Every now and then by itself. */
  look(): Promise<void> {
    this.#looking ??= this.#lookAtAll();
    return this.#looking;
  }

  async #lookAtAll(): Promise<void> {
    try {
      for (const tenant of this.#tenants.keys()) await this.#lookAtRevocations(tenant);
      await this.#lookAtKeys();
      this.#forgetSilent();
    } catch (error) {
      this.#options.onProblem(error);
    } finally {
      this.#looking = undefined;
    }
  }

  /** In one question for all of them: thousands of small ones would keep the process from everything else. */
  async #lookAtRevocations(tenant: string): Promise<void> {
    const revocations = await this.#options.tenants.get(tenant)?.registry.revocations();
    for (const [worker, because] of revocations ?? []) await this.revoked(tenant, worker, because);
  }

  #forgetSilent(): void {
    for (const [tenant, sessions] of this.#tenants) {
      for (const session of sessions.values()) {
        const isKeyless = session.keyIds.size === 0;
        if (this.#isSilent(session, isKeyless ? 0 : idleMsMax)) sessions.delete(session.worker);
      }
      if (sessions.size === 0) this.#tenants.delete(tenant);
    }
  }

  #makeRoom(tenant: string, sessions: Map<string, WorkerSession>): void {
    for (const session of sessions.values()) {
      if (!this.#isSilent(session, idleWhenFullMsMax)) continue;
      sessions.delete(session.worker);
      return;
    }
    const message = `${this.#sessionsMax} workers of tenant ${tenant} are here, more there may not be at a time`;
    raise("rate-limited", message, "end some of them, and try again in a minute");
  }

  #isSilent(session: WorkerSession, msMax: number): boolean {
    const { tenant, worker, lastHeardAt } = session;
    if (!session.isIdle || this.#options.now() - lastHeardAt < msMax) return false;
    return (this.#options.tenants.get(tenant)?.queue.claimsOf(worker).length ?? 0) === 0;
  }

  *#all(): Generator<WorkerSession> {
    for (const sessions of this.#tenants.values()) yield* sessions.values();
  }

  /** Ends the streams of workers whose API key is no longer good, and the claims of those that came with no other since. */
  async #lookAtKeys(): Promise<void> {
    const stands = new Map<string, boolean>();
    for (const session of this.#all()) {
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
