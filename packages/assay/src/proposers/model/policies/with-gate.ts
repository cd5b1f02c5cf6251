import type { LanguageModel, ModelRequest } from "#ports";
import { sleep } from "./sleep.ts";

/** How many requests a provider is sent at the same time, and how many a minute. */
export type GateLimits = { concurrentMax: number; requestsPerMinuteMax?: number };

/** Lets requests pass one after the other, in the order in which they came, no more at a time than may. */
export class Gate {
  readonly #limits: GateLimits;
  readonly #waiting: (() => void)[] = [];
  readonly #begun: number[] = [];
  readonly #now: () => number;
  #inside = 0;

  constructor(limits: GateLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  async pass<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#inside >= this.#limits.concurrentMax) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    } else {
      this.#inside += 1;
    }
    try {
      await this.#inTurn(signal);
      return await work();
    } finally {
      // Whoever waits takes the place over: nobody comes between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#inside -= 1;
      else next();
    }
  }

  /** Waits until a minute has passed since the request that is so many before this one. */
  async #inTurn(signal: AbortSignal | undefined): Promise<void> {
    const { requestsPerMinuteMax } = this.#limits;
    if (requestsPerMinuteMax === undefined) return;
    const earlier = this.#begun.at(-requestsPerMinuteMax);
    const start = Math.max(this.#now(), earlier === undefined ? 0 : earlier + minuteMs);
    this.#begun.push(start);
    if (this.#begun.length > requestsPerMinuteMax) this.#begun.shift();
    const wait = start - this.#now();
    if (wait > 0) await sleep(wait, signal);
  }
}

const minuteMs = 60_000;

export function withGate(model: LanguageModel, gate: Gate): LanguageModel {
  return {
    description: model.description,
    worstCase: (request) => model.worstCase(request),
    ask: (request: ModelRequest) => gate.pass(() => model.ask(request), request.signal),
  };
}
