import type { EgressSummary } from "@assay/sdk";

export type EgressBounds = {
  requestsMax: number;
  /** In both directions together. */
  bytesMax: number;
  connectionsMax: number;
  /** Without a byte in either direction. */
  idleMsMax: number;
};

export const egressBounds: EgressBounds = {
  requestsMax: 5_000,
  bytesMax: 512 * 1024 * 1024,
  connectionsMax: 64,
  idleMsMax: 10 * 60_000,
};

const hostsMax = 50;

/** Counts what goes through the proxy, and says when it is enough. */
export class EgressTally {
  readonly #bounds: EgressBounds;
  #requests = 0;
  #refused = 0;
  #sent = 0;
  #received = 0;
  readonly #hosts = new Map<string, number>();
  readonly #refusals = new Set<string>();

  constructor(bounds: EgressBounds) {
    this.#bounds = bounds;
  }

  /** Whether there may be one more request. Counted as one to `host`, a name of ours or one that was allowed. */
  admit(host: string): boolean {
    if (this.#requests >= this.#bounds.requestsMax || this.#exhausted()) {
      this.refuse(`${host} (limit reached)`);
      return false;
    }
    this.#requests += 1;
    if (this.#hosts.has(host) || this.#hosts.size < hostsMax) this.#hosts.set(host, (this.#hosts.get(host) ?? 0) + 1);
    return true;
  }

  /** `what` was asked for; of untrusted text only what a host's name may hold is kept. */
  refuse(what: string): void {
    this.#refused += 1;
    if (this.#refusals.size < hostsMax) this.#refusals.add(what.replace(/[^\w.:*() /-]/g, "?").slice(0, 100));
  }

  /** Whether more bytes may follow these. */
  send(bytes: number): boolean {
    this.#sent += bytes;
    return !this.#exhausted();
  }

  receive(bytes: number): boolean {
    this.#received += bytes;
    return !this.#exhausted();
  }

  get summary(): EgressSummary {
    return {
      requests: this.#requests,
      refused: this.#refused,
      bytesSent: this.#sent,
      bytesReceived: this.#received,
      hosts: [...this.#hosts].map(([host, requests]) => ({ host, requests })),
      refusals: [...this.#refusals],
    };
  }

  #exhausted(): boolean {
    return this.#sent + this.#received > this.#bounds.bytesMax;
  }
}
