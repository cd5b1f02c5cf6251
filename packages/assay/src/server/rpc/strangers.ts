import { normalizeIP } from "@fastify/rate-limit";
import { raise } from "#domain";

const minuteMs = 60_000;
/** Counted at a time; beyond it the one that was not heard of for longest is forgotten. */
const addressesMax = 5_000;

export type StrangerLimits = { strangersMax: number; strangerCallsMax: number };

/** What each address does without having been let in. An IPv6 network of 64 bits is one: who has one of its addresses has them all. */
export class Strangers {
  readonly #limits: StrangerLimits;
  readonly #now: () => number;
  readonly #connections = new Map<string, number>();
  readonly #calls = new Map<string, { count: number; until: number }>();

  constructor(limits: StrangerLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
  }

  /** A connection begins; it is to be told, once, when it ends or somebody is let in on it. `undefined`: there are too many. */
  connect(address: string | undefined): (() => void) | undefined {
    const key = keyOf(address);
    const open = this.#connections.get(key) ?? 0;
    if (open >= this.#limits.strangersMax) return undefined;
    this.#connections.set(key, open + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#connections.get(key) ?? 1) - 1;
      if (left > 0) this.#connections.set(key, left);
      else this.#connections.delete(key);
    };
  }

  /** A call that shows a key or is refused. Throws `rate-limited` for one too many in a minute. */
  call(address: string | undefined): void {
    const key = keyOf(address);
    const now = this.#now();
    const known = this.#calls.get(key);
    const counted = known !== undefined && now < known.until ? known : { count: 0, until: now + minuteMs };
    counted.count++;
    this.#calls.delete(key);
    this.#calls.set(key, counted);
    const [oldest] = this.#calls.keys();
    if (oldest !== undefined && this.#calls.size > addressesMax) this.#calls.delete(oldest);
    if (counted.count <= this.#limits.strangerCallsMax) return;
    const seconds = Math.max(1, Math.ceil((counted.until - now) / 1000));
    raise("rate-limited", "too many calls of this address in a minute", `try again in ${seconds} s`);
  }
}

/** A connection that is gone by now has no address any more. */
function keyOf(address: string | undefined): string {
  return address === undefined || address === "" ? "gone" : normalizeIP(address);
}
