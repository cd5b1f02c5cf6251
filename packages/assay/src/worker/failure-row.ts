/** What ended sooner after it was heard of had not gone well. */
const wellMs = 10_000;

/** Failures in a row. What went well for a while ends the row; what breaks off as soon as it has begun does not. */
export class FailureRow {
  readonly #now: () => number;
  #failures = 0;
  #heardAt: number | undefined;

  /** `now`: milliseconds from anywhere. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The daemon answers. */
  heard(): void {
    this.#heardAt ??= this.#now();
  }

  succeeded(): void {
    this.#failures = 0;
    this.#heardAt = undefined;
  }

  /** How many there are now. */
  failed(): number {
    if (this.#heardAt !== undefined && this.#now() - this.#heardAt >= wellMs) this.#failures = 0;
    this.#heardAt = undefined;
    return ++this.#failures;
  }
}
