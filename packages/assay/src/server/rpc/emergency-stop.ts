/** Whether all execution is halted. */
export class EmergencyStop {
  #reason: string | undefined;
  #running = new AbortController();

  /** `undefined`: nothing is halted. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Aborts at the next stop; a fresh one after each is lifted. */
  get signal(): AbortSignal {
    return this.#running.signal;
  }

  stop(reason: string): void {
    this.#reason ??= reason;
    this.#running.abort();
  }

  lift(): void {
    if (this.#reason === undefined) return;
    this.#reason = undefined;
    this.#running = new AbortController();
  }
}
