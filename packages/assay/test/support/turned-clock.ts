import type { Clock } from "#engine";

type Sleeper = { until: number; wake: () => void };

/** Time that passes only when it is turned; whoever sleeps wakes in the order of their times. */
export class TurnedClock implements Clock {
  #time = 1_000_000;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return this.#time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { until: this.#time + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Lets time pass, and everything happen that is due. */
  async turn(ms: number): Promise<void> {
    const end = this.#time + ms;
    for (;;) {
      const due = [...this.#sleepers].filter(({ until }) => until <= end);
      const next = due.reduce<Sleeper | undefined>((a, b) => (a === undefined || b.until < a.until ? b : a), undefined);
      if (next === undefined) break;
      this.#time = Math.max(this.#time, next.until);
      next.wake();
      await settled();
    }
    this.#time = end;
    await settled();
  }
}

/** What needs no time has happened. */
export async function settled(): Promise<void> {
  for (let n = 0; n < 5; n++) await new Promise(setImmediate);
}
