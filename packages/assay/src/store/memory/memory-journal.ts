import type { RunEvent } from "@assay/sdk";
import type { RunId } from "#domain";
import type { AppendRequest, AppendResult, Journal, RunSummary, TailEntry } from "#ports";
import { sealEvents } from "../seal-events.ts";

type Stream = { events: RunEvent[]; appends: Map<string, { first: number; last: number }> };

/** A journal in this process's memory: for tests, and for runs that need not outlive it. */
export class MemoryJournal implements Journal {
  readonly #streams = new Map<RunId, Stream>();
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #tail: Extract<TailEntry, { kind: "event" }>[] = [];
  #head = 0;

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
    for (const event of events) this.#tail.push({ position: ++this.#head, run: request.run, kind: "event", event });
    for (const listener of this.#listeners) queueMicrotask(listener);
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

  async tail(after: number, entriesMax: number): Promise<TailEntry[]> {
    const from = this.#tail.findIndex(({ position }) => position > after);
    return from < 0 ? [] : structuredClone(this.#tail.slice(from, from + entriesMax));
  }

  async head(): Promise<number> {
    return this.#head;
  }

  watch(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async remove(run: RunId): Promise<boolean> {
    this.#tail = this.#tail.filter((entry) => entry.run !== run);
    return this.#streams.delete(run);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
