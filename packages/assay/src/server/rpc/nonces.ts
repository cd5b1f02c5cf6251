import { randomBytes } from "node:crypto";
import { raise } from "#domain";

const ttlMs = 60_000;
/** Whoever asks for one has shown a key; a key that asks for more than this in a minute makes the oldest void. */
const openMax = 4096;

/** Numbers to be signed by whoever registers: each is good once, for a minute. */
export class Nonces {
  readonly #open = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  issue(): string {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= openMax) this.#open.delete(oldest);
    const nonce = randomBytes(32).toString("base64url");
    this.#open.set(nonce, this.#now() + ttlMs);
    return nonce;
  }

  /** Throws `unauthorized` for one that was not given out, was used, or is too old. */
  use(nonce: string): void {
    const until = this.#open.get(nonce);
    this.#open.delete(nonce);
    if (until === undefined || until < this.#now()) {
      raise("unauthorized", "that nonce is not, or no longer, good", "ask for another by Challenge and sign that");
    }
  }
}
