import type { CircuitChange } from "@assay/sdk";
import type { CircuitLog } from "#ports";

/** Decisions are made at once and kept in the log after, in order. */
export class CircuitHistory {
  readonly #log: CircuitLog;
  #writing: Promise<void> = Promise.resolve();
  #problem: unknown;

  constructor(log: CircuitLog) {
    this.#log = log;
  }

  /** Why it is not complete, if it is not. */
  get problem(): unknown {
    return this.#problem;
  }

  keep(change: CircuitChange): void {
    this.#writing = this.#writing
      .then(() => this.#log.append(change))
      .catch((error: unknown) => {
        this.#problem = error;
      });
  }

  /** Newest first, with everything decided by now. */
  async read(changesMax: number, circuit?: string): Promise<CircuitChange[]> {
    await this.#writing;
    return await this.#log.read(changesMax, circuit);
  }

  /** Everything decided by now is in the log. Throws what kept it from there. */
  async settled(): Promise<void> {
    await this.#writing;
    if (this.#problem !== undefined) throw this.#problem;
  }
}
