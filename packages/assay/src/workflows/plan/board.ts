/** All that is under way stands still: nothing will end before somebody does something. */
export class StandStill extends Error {
  override readonly name = "StandStill";
}

type Entry<T> = { end: Promise<T>; began: number; isAlarm: boolean };

/**
 * What is under way, and in which order it ended. What failed to end, because it waits for a person or more budget for one, is still
 * under way: others go on beside it.
 */
export class Board<T> {
  readonly #entries = new Map<string, Entry<T>>();
  /** Ended and not taken yet, the first to end first. */
  readonly #ended = new Set<string>();
  readonly #still = new Map<string, unknown>();
  #changed = Promise.withResolvers<void>();

  begin(key: string, end: Promise<T>): void {
    this.#add(key, end, false);
  }

  /** Ends by itself at its time, and is no reason to wait for it. */
  alarm(key: string, end: Promise<T>): void {
    this.#add(key, end, true);
  }

  #add(key: string, end: Promise<T>, isAlarm: boolean): void {
    this.#entries.set(key, { end, began: performance.now(), isAlarm });
    end
      .then(
        () => this.#ended.add(key),
        (error: unknown) => this.#still.set(key, error),
      )
      .then(() => this.#changed.resolve());
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Without alarms. */
  get running(): Set<string> {
    return new Set([...this.#entries].flatMap(([key, { isAlarm }]) => (isAlarm ? [] : [key])));
  }

  /** The first that ended and was not taken, and how long it took. Throws `StandStill`, caused by the first reason there was. */
  async first(): Promise<{ key: string; durationMs: number }> {
    for (;;) {
      const [key] = this.#ended;
      if (key !== undefined) {
        return { key, durationMs: Math.round(performance.now() - (this.#entries.get(key)?.began ?? 0)) };
      }
      const still = [...this.running].filter((running) => this.#still.has(running));
      if (still.length === this.running.size) {
        const cause = this.#still.get(still[0] ?? "");
        throw new StandStill("nothing that is under way goes on", { cause });
      }
      await this.#changed.promise;
      this.#changed = Promise.withResolvers();
    }
  }

  /** How it ended; it is no longer under way. */
  async take(key: string): Promise<T> {
    const entry = this.#entries.get(key);
    if (entry === undefined) throw new Error(`${key} is not under way`);
    const end = await entry.end;
    this.#entries.delete(key);
    this.#ended.delete(key);
    return end;
  }
}
