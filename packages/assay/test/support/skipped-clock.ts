import { type Clock, systemClock } from "#engine";

/** The time of day, of which some can be skipped: whoever sleeps then wakes if it is due. */
export class SkippedClock implements Clock {
  #skippedMs = 0;
  readonly #sleeping = new Set<AbortController>();

  readonly now = (): number => Date.now() + this.#skippedMs;

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const until = this.now() + ms;
    for (let left = ms; left > 0 && signal?.aborted !== true; left = until - this.now()) {
      const wake = new AbortController();
      const stop = () => wake.abort();
      this.#sleeping.add(wake);
      signal?.addEventListener("abort", stop, { once: true });
      await systemClock.sleep(left, wake.signal);
      signal?.removeEventListener("abort", stop);
      this.#sleeping.delete(wake);
    }
  }

  skip(ms: number): void {
    this.#skippedMs += ms;
    for (const wake of this.#sleeping) wake.abort();
  }
}
