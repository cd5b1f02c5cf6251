import { FaultError, fault, raise } from "#domain";

type Waiting = { places: number; begin(): void; refuse(error: unknown): void };

/** First come, first served, for a number of places; one that wants several waits until they are all free, and holds up who comes later. */
export class TurnQueue {
  readonly #waiting: Waiting[] = [];
  readonly #places: number;
  #free: number;
  #closed = false;
  #whenIdle: (() => void) | undefined;

  constructor(places: number) {
    this.#places = places;
    this.#free = places;
  }

  /** Does something while it holds `places`. Rejects with a `FaultError`: `interrupted` when aborted while waiting, `cancelled` when closed. */
  async take<T>(places: number, act: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#closed) raise("cancelled", "it is closed");
    const wanted = Math.min(places, this.#places);
    await this.#wait(wanted, signal);
    try {
      return await act();
    } finally {
      this.#free += wanted;
      this.#serve();
    }
  }

  /** Takes nobody any more, and settles when those who have places are done. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(closed());
    if (this.#free < this.#places) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
  }

  #wait(places: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.length === 0 && this.#free >= places && signal?.aborted !== true) {
      this.#free -= places;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        const index = this.#waiting.indexOf(waiting);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(interrupted());
        this.#serve();
      };
      const waiting: Waiting = {
        places,
        begin: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
        refuse: reject,
      };
      if (signal?.aborted === true) return reject(interrupted());
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiting);
    });
  }

  #serve(): void {
    for (let first = this.#waiting[0]; first !== undefined && this.#free >= first.places; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= first.places;
      first.begin();
    }
    if (this.#closed && this.#free === this.#places) this.#whenIdle?.();
  }
}

const interrupted = () => new FaultError(fault("interrupted", "interrupted while waiting for a turn"));
const closed = () => new FaultError(fault("cancelled", "closed while waiting for a turn"));
