import type { RunEvent } from "@assay/sdk";
import type { RunId } from "#domain";
import type { AppendRequest, AppendResult, Journal, RunSummary } from "#ports";
import { sealEvents } from "../seal-events.ts";

type Stream = { events: RunEvent[]; appends: Map<string, { first: number; last: number }> };

/** A journal in this process's memory: for tests, and for runs that need not outlive it. */
export class MemoryJournal implements Journal {
  readonly #streams = new Map<RunId, Stream>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  append(request: AppendRequest): Promise<AppendResult> {
    return Promise.resolve().then(() => this.#append(request));
  }

  #append(request: AppendRequest): AppendResult {
    const stream: Stream = this.#streams.get(request.run) ?? { events: [], appends: new Map() };
    const earlier = stream.appends.get(request.idempotencyKey);
    if (earlier !== undefined) {
      return { kind: "duplicate", events: structuredClone(stream.events.slice(earlier.first - 1, earlier.last)) };
    }
    const actualSeq = stream.events.length;
    if (actualSeq !== request.expectedSeq) return { kind: "conflict", actualSeq };
    const events = sealEvents(request, this.#now());
    stream.events.push(...events);
    stream.appends.set(request.idempotencyKey, { first: actualSeq + 1, last: stream.events.length });
    this.#streams.set(request.run, stream);
    return { kind: "appended", events: structuredClone(events) };
  }

  async read(run: RunId, after = 0): Promise<RunEvent[]> {
    return structuredClone(this.#streams.get(run)?.events.slice(after) ?? []);
  }

  async runs(): Promise<RunSummary[]> {
    return [...this.#streams]
      .map(([run, { events }]) => ({
        run,
        events: events.length,
        startedAt: events[0]?.at ?? 0,
        lastEventAt: events.at(-1)?.at ?? 0,
      }))
      .reverse();
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
