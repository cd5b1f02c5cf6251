import type { Owners } from "#ports";
import type { Cancel, Scheduler } from "./scheduler.ts";

/** One life of a process: what it waits for never comes when it is dead, and comes afterwards when it is stalled. */
export class SimulatedProcess {
  readonly name: string;
  readonly slot: number;
  alive = true;
  partitioned = false;
  #stalledUntil = 0;
  readonly #scheduler: Scheduler;

  constructor(name: string, slot: number, scheduler: Scheduler) {
    this.name = name;
    this.slot = slot;
    this.#scheduler = scheduler;
  }

  get stalled(): boolean {
    return this.#stalledUntil > this.#scheduler.now;
  }

  stall(durationMs: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, this.#scheduler.now + durationMs);
  }

  later(delayMs: number, what: string, act: () => void): Cancel {
    let cancelled = false;
    let cancel = this.#scheduler.after(delayMs, what, () => {
      if (!this.alive || cancelled) return;
      if (this.stalled) cancel = this.later(this.#stalledUntil - this.#scheduler.now, `${what} (after a stall)`, act);
      else act();
    });
    return () => {
      cancelled = true;
      cancel();
    };
  }

  now(): number {
    return this.#scheduler.now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.later(ms, `${this.name} wakes`, resolve);
      signal?.addEventListener("abort", () => {
        cancel();
        resolve();
      });
    });
  }
}

/** As every process of the machine sees the others: it can ask whether one lives, and is never told wrong. */
export function ownersOf(
  self: SimulatedProcess,
  all: ReadonlyMap<string, SimulatedProcess>,
  believesDead: boolean,
): Owners {
  return {
    self: self.name,
    liveness: (name) => {
      if (believesDead) return "dead";
      const found = all.get(name);
      return found === undefined ? "unknown" : found.alive ? "alive" : "dead";
    },
    describe: (name) => `process ${name}`,
  };
}
