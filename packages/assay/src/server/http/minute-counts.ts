import { fault } from "#domain";
import { HttpFault } from "./http-fault.ts";

const minuteMs = 60_000;
/** Counted at a time; beyond it the one that was not heard of for longest is forgotten. */
const countedMax = 5_000;

/** How often each of many did something in a minute. */
export class MinuteCounts {
  readonly #max: number;
  readonly #now: () => number;
  readonly #counts = new Map<string, { count: number; until: number }>();

  constructor(max: number, now: () => number = Date.now) {
    this.#max = max;
    this.#now = now;
  }

  /** Once more. Throws `rate-limited` for one too many. */
  add(who: string): void {
    const counted = this.#of(who) ?? { count: 0, until: this.#now() + minuteMs };
    counted.count++;
    this.#counts.delete(who);
    this.#counts.set(who, counted);
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined && this.#counts.size > countedMax) this.#counts.delete(oldest);
    if (counted.count > this.#max) this.#refuse(counted.until);
  }

  /** Counts nothing. Throws `rate-limited` for who has done it as often as may be. */
  refuseFull(who: string): void {
    const counted = this.#of(who);
    if (counted !== undefined && counted.count >= this.#max) this.#refuse(counted.until);
  }

  #of(who: string): { count: number; until: number } | undefined {
    const counted = this.#counts.get(who);
    return counted !== undefined && this.#now() < counted.until ? counted : undefined;
  }

  #refuse(until: number): never {
    const seconds = Math.max(1, Math.ceil((until - this.#now()) / 1_000));
    throw new HttpFault(fault("rate-limited", "too many requests in a minute", `try again in ${seconds} s`), {
      headers: { "retry-after": String(seconds) },
    });
  }
}
