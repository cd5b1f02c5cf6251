import type { Goal, Result } from "@assay/sdk";
import { z } from "zod";
import { type Clock, Engine, type EngineOptions, type Run, type Workflow } from "#engine";
import type { AppendRequest, AppendResult, Journal, Owners } from "#ports";
import { MemoryBlobs, MemoryJournal } from "#store";

export const goal: Goal = { kind: "heal", root: "/project", tests: [], apply: false };

export function accepted(summary: unknown): Result {
  return { type: "result", outcome: "accepted", exitCode: 0, summary: JSON.stringify(summary) ?? "undefined" };
}

export function workflow(run: (run: Run) => Promise<unknown>, version = 1): Workflow {
  return { name: "heal", version, run: async (handle) => accepted(await run(handle)) };
}

/** Starts a run that waits for `go` after its body, so that it can be resumed over the same history. */
export function pausing(body: (run: Run) => Promise<unknown>) {
  return workflow(async (run) => {
    const value = await body(run);
    await run.signal("go", z.unknown());
    return value;
  });
}

/** Time that passes only by sleeping. */
export class ManualClock implements Clock {
  time = 1_000_000;
  readonly slept: number[] = [];
  now(): number {
    return this.time;
  }
  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.time += Math.max(0, ms);
  }
}

/** Owners that are alive until they are said to be dead. */
export class Village {
  readonly dead = new Set<string>();
  owner(self: string): Owners {
    return {
      self,
      liveness: (owner) => (this.dead.has(owner) ? "dead" : "alive"),
      describe: (owner) => `process ${owner}`,
    };
  }
}

/** An engine on memory, with parts replaced. */
export function memoryEngine(options: Partial<EngineOptions> = {}): Engine {
  return new Engine({
    journal: new MemoryJournal(),
    blobs: new MemoryBlobs(),
    owners: new Village().owner("a"),
    assayVersion: "0.0.0",
    clock: new ManualClock(),
    ...options,
  });
}

export class Crash extends Error {}

/** A journal whose process dies at the append number `at`, just before or just after it is kept: nothing works from then on. */
export class CrashingJournal implements Journal {
  readonly #inner: Journal;
  readonly #at: number;
  readonly #kept: boolean;
  #appends = 0;

  constructor(inner: Journal, at: number, kept: boolean) {
    this.#inner = inner;
    this.#at = at;
    this.#kept = kept;
  }

  get crashed(): boolean {
    return this.#appends >= this.#at;
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    if (this.crashed) throw new Crash("dead");
    this.#appends++;
    if (!this.crashed) return this.#inner.append(request);
    if (this.#kept) await this.#inner.append(request);
    throw new Crash("dies here");
  }

  read(...parameters: Parameters<Journal["read"]>) {
    return this.#inner.read(...parameters);
  }

  runs() {
    return this.#inner.runs();
  }

  tail(...parameters: Parameters<Journal["tail"]>) {
    return this.#inner.tail(...parameters);
  }

  head() {
    return this.#inner.head();
  }

  watch(listener: () => void) {
    return this.#inner.watch(listener);
  }

  remove(...parameters: Parameters<Journal["remove"]>) {
    return this.#inner.remove(...parameters);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
