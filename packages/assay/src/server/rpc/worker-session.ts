import type { WorkerState } from "@assay/sdk";
import { SessionClaims } from "./session-claims.ts";

/** A worker that was heard of since the daemon began. Lost at a restart; nothing of it is authority. */
export class WorkerSession {
  readonly tenant: string;
  readonly worker: string;
  state: WorkerState = "idle";
  /** Milliseconds since the Unix epoch. */
  lastHeardAt = 0;
  /** The API key that its last call was let in by, while that is good. */
  keyId: string | undefined;
  /** What it was given, and has neither reported nor given up. */
  readonly claims = new SessionClaims();
  #revokedBecause: string | undefined;
  readonly #revoked = new AbortController();
  readonly #streams = new Set<{ keyId: string; end: AbortController }>();
  #claiming: AbortController | undefined;
  #next = Promise.withResolvers<void>();

  constructor(tenant: string, worker: string) {
    this.tenant = tenant;
    this.worker = worker;
  }

  get revokedBecause(): string | undefined {
    return this.#revokedBecause;
  }

  /** Aborts when the worker is revoked. */
  get revoked(): AbortSignal {
    return this.#revoked.signal;
  }

  revoke(because: string): void {
    this.#revokedBecause ??= because;
    this.#revoked.abort();
    this.tell();
  }

  /** API keys that it is here by: of its last call, and of its open streams. */
  get keyIds(): ReadonlySet<string> {
    const ofStreams = [...this.#streams].map(({ keyId }) => keyId);
    return new Set(this.keyId === undefined ? ofStreams : [this.keyId, ...ofStreams]);
  }

  /** Nothing is open and nothing is owed. */
  get isIdle(): boolean {
    return this.#streams.size === 0 && this.claims.owed === 0;
  }

  /** An open stream, until it is disposed of. `keyEnded` aborts when the API key that it was let in by is no longer good. */
  openStream(keyId: string): { keyEnded: AbortSignal } & Disposable {
    const stream = { keyId, end: new AbortController() };
    this.#streams.add(stream);
    return {
      keyEnded: stream.end.signal,
      [Symbol.dispose]: () => void this.#streams.delete(stream),
    };
  }

  endKey(ended: string): void {
    if (this.keyId === ended) this.keyId = undefined;
    for (const { keyId, end } of this.#streams) if (keyId === ended) end.abort();
  }

  /** A worker has one stream of claims: the one before ends. */
  openClaimStream(): AbortSignal {
    this.#claiming?.abort();
    this.#claiming = new AbortController();
    return this.#claiming.signal;
  }

  /** It should have been heard of: who works keeps its claims. A worker without claims may be silent for as long as it likes. */
  isSilent(now: number, silentMsMax: number): boolean {
    return this.claims.owed > 0 && now - this.lastHeardAt > silentMsMax;
  }

  /** Something about this worker may be other than it was: its streams look again. */
  tell(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Resolves with the next `tell`, when the signal aborts, or after `msMax`. */
  async told(signal: AbortSignal, msMax: number): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, msMax);
    const onAbort = () => resolve();
    signal.addEventListener("abort", onAbort, { once: true });
    void this.#next.promise.then(resolve);
    await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
