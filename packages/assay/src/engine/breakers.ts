import type { RunEvent, RunEventBody } from "@assay/sdk";
import {
  afterFailure,
  afterSuccess,
  type Breaker,
  type BreakerPolicy,
  closedBreaker,
  defaultBreaker,
  enterBreaker,
} from "#domain";
import type { Clock } from "./clock.ts";

type Change = Extract<RunEventBody, { type: "breaker-changed" }>;
type RecordedChange = Extract<RunEvent, { type: "breaker-changed" }>;

/** `refused`: until `retryAt`, milliseconds since the Unix epoch. `change` is to be journaled. */
export type Entry = { kind: "allowed"; change?: Change } | { kind: "refused"; retryAt: number };

/** The breakers of one run, by kind of step; opened and closed by journaled events, so that a resume finds them as they were. */
export class Breakers {
  readonly #byKind = new Map<string, Breaker>();
  readonly #clock: Clock;
  readonly #policy: BreakerPolicy;

  constructor(events: readonly RunEvent[], clock: Clock, policy: BreakerPolicy = defaultBreaker) {
    this.#clock = clock;
    this.#policy = policy;
    for (const event of events) if (event.type === "breaker-changed") this.restore(event);
  }

  restore(event: RecordedChange): void {
    // A probe that was under way when its process died decides nothing: the next one may try.
    this.#byKind.set(
      event.breaker,
      event.to === "closed" ? closedBreaker : { state: "open", at: event.to === "open" ? event.at : 0 },
    );
  }

  enter(kind: string): Entry {
    const breaker = this.#get(kind);
    const entry = enterBreaker(breaker, this.#clock.now(), this.#policy);
    if (entry.kind === "refused") return entry;
    return { kind: "allowed", ...this.#set(kind, entry.breaker, "the cool-down is over") };
  }

  succeeded(kind: string): Change | undefined {
    return this.#set(kind, afterSuccess(), "a step passed").change;
  }

  failed(kind: string, reason: string): Change | undefined {
    return this.#set(kind, afterFailure(this.#get(kind), this.#clock.now(), this.#policy), reason).change;
  }

  #get(kind: string): Breaker {
    return this.#byKind.get(kind) ?? closedBreaker;
  }

  #set(kind: string, next: Breaker, reason: string): { change?: Change } {
    const from = this.#get(kind).state;
    this.#byKind.set(kind, next);
    if (from === next.state) return {};
    return { change: { type: "breaker-changed", breaker: kind, from, to: next.state, reason } };
  }
}
