import { createHash, randomBytes } from "node:crypto";

export type Session = { tenant: string; keyId: string; expiresAt: number };

/** A working day; then the key is asked for again. */
const sessionMsMax = 8 * 3_600_000;
const sessionsPerKeyMax = 20;
const sessionsMax = 1_000;

/**
 * Sessions of the dashboard, by the hash of their cookie: what is in memory opens nothing. They end with the daemon. A session holds
 * no rights: whoever asks by it has those that its key has at that moment.
 */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Over a bound, the oldest session ends: of the same key first. */
  open(tenant: string, keyId: string, keyExpiresAt = Number.POSITIVE_INFINITY): { token: string; session: Session } {
    this.#dropExpired();
    const ofKey = [...this.#sessions].filter(([, session]) => session.tenant === tenant && session.keyId === keyId);
    if (ofKey.length >= sessionsPerKeyMax) this.#drop(ofKey[0]?.[0]);
    if (this.#sessions.size >= sessionsMax) this.#drop(this.#sessions.keys().next().value);
    const token = randomBytes(32).toString("base64url");
    const session = { tenant, keyId, expiresAt: Math.min(this.#now() + sessionMsMax, keyExpiresAt) };
    this.#sessions.set(hashOf(token), session);
    return { token, session };
  }

  find(token: string): Session | undefined {
    const session = this.#sessions.get(hashOf(token));
    return session !== undefined && session.expiresAt > this.#now() ? session : undefined;
  }

  close(token: string): void {
    this.#drop(hashOf(token));
  }

  #drop(hash: string | undefined): void {
    if (hash !== undefined) this.#sessions.delete(hash);
  }

  #dropExpired(): void {
    for (const [hash, { expiresAt }] of this.#sessions) if (expiresAt <= this.#now()) this.#sessions.delete(hash);
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
