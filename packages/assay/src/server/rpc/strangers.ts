import { normalizeIP } from "@fastify/rate-limit";
import { raise } from "#domain";
import { OpenCounts } from "./open-counts.ts";

const minuteMs = 60_000;
/** Counted at a time; beyond it the one that was not heard of for longest is forgotten. */
const addressesMax = 5_000;

export type StrangerLimits = { strangersMax: number; strangerCallsMax: number };

/** What each address does without having been let in. An IPv6 network of 64 bits is one: who has one of its addresses has them all. */
export class Strangers {
  readonly #limits: StrangerLimits;
  readonly #now: () => number;
  readonly #connections: OpenCounts;
  readonly #calls = new Map<string, { count: number; until: number }>();

  constructor(limits: StrangerLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#connections = new OpenCounts(limits.strangersMax);
    this.#now = now;
  }

  /** A connection begins; it is to be told, once, when it ends or somebody is let in on it. `undefined`: there are too many. */
  connect(address: string | undefined): (() => void) | undefined {
    return this.#connections.enter(keyOf(address));
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
