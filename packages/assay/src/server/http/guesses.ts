import { addressOf } from "./address-of.ts";
import { MinuteCounts } from "./minute-counts.ts";
import type { RateLimits } from "./rate-limits.ts";

/** Keys that were presented and are none, by address: one count for every protocol of the port. */
export class Guesses {
  readonly #counts: MinuteCounts;
  readonly #locksOut: RateLimits["locksOut"];

  constructor({ failedPerMinuteMax, locksOut }: Pick<RateLimits, "failedPerMinuteMax" | "locksOut">) {
    this.#counts = new MinuteCounts(failedPerMinuteMax);
    this.#locksOut = locksOut;
  }

  /** One more. Throws `rate-limited` for one too many. */
  add(address: string | undefined): void {
    this.#counts.add(addressOf(address));
  }

  /** Throws `rate-limited` for whoever has guessed too often already, where that shuts out a good key, too. */
  refuseGuesser(address: string | undefined): void {
    if (this.#locksOut(address ?? "")) this.#counts.refuseFull(addressOf(address));
  }
}
