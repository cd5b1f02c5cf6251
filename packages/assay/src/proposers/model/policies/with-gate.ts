import { fault, raise } from "#domain";
import { type LanguageModel, type ModelAnswer, type ModelRequest, noUsage } from "#ports";
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
      await this.#place(signal);
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

  /** Waits until somebody leaves; who stops waiting takes nobody's place. */
  async #place(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<"entered" | "gave up">();
    const enter = () => resolve("entered");
    const stop = () => {
      const at = this.#waiting.indexOf(enter);
      // Whose place came in the same moment has it, and leaves it in order.
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      resolve("gave up");
    };
    this.#waiting.push(enter);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted === true) stop();
    const how = await promise;
    signal?.removeEventListener("abort", stop);
    if (how === "gave up") raise("interrupted", "interrupted while a model was waited for");
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
    async ask(request: ModelRequest): Promise<ModelAnswer> {
      const { wallMsMax } = request;
      const begun = performance.now();
      const limit = wallMsMax === undefined ? undefined : AbortSignal.timeout(Math.ceil(wallMsMax));
      const signals = [limit, request.signal].filter((signal) => signal !== undefined);
      try {
        return await gate.pass(() => {
          const left =
            wallMsMax === undefined ? {} : { wallMsMax: Math.max(1, wallMsMax - (performance.now() - begun)) };
          return model.ask({ ...request, ...left });
        }, AbortSignal.any(signals));
      } catch (error) {
        // Its turn did not come in time; nobody was asked.
        if (limit?.aborted !== true || request.signal?.aborted === true) throw error;
        const waited = fault(
          "model-rate-limited",
          `${model.description.id} was not asked: its turn did not come in time`,
        );
        return { kind: "failed", fault: waited, usage: noUsage, requests: 0, wallMs: performance.now() - begun };
      }
    },
  };
}
