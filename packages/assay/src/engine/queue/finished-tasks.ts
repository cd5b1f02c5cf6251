/** Ended tasks that are remembered, for a report whose acknowledgement was lost. */
const rememberedMax = 10_000;

/** By which token tasks were finished; the oldest are forgotten. */
export class FinishedTasks {
  readonly #tokens = new Map<string, number>();

  add(key: string, token: number): void {
    this.#tokens.set(key, token);
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > rememberedMax && oldest !== undefined) this.#tokens.delete(oldest);
  }

  get(key: string): number | undefined {
    return this.#tokens.get(key);
  }
}
