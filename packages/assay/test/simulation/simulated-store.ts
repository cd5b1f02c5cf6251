import { createHash } from "node:crypto";
import { type RunEvent, type RunEventBody, runEventSchema } from "@assay/sdk";
import { FaultError, fault, type RunId } from "#domain";
import type { AppendRequest, AppendResult, RunSummary, TailEntry } from "#ports";
import type { Reply } from "./network.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Weakness } from "./weakness.ts";

/** One append as it is written: what it made, who asked for it. */
export type Entry = { run: RunId; key: string; events: RunEvent[]; chain: string; by: string };
type Waiting = { request: AppendRequest; by: string; reply: Reply<AppendResult> };
type Stream = { events: RunEvent[]; chain: string; keys: Map<string, { first: number; last: number }> };

export type StoreWatcher = {
  /** An append can be read from now on. */
  committed(entry: Entry): void;
  acknowledged(run: RunId, events: readonly RunEvent[]): void;
  /** What can be read was read from the disk anew. */
  recovered(): void;
};

const downMs = 120;

/**
 * The one owner of the journal's file, with the semantics of `SqliteJournal`: one transaction at a time for all that came in meanwhile;
 * written, synced, then seen by readers and acknowledged, in this order. Its disk keeps what was synced; of what was
 * only written a power loss leaves any beginning, and whole transactions only, since each has a checksum.
 */
export class SimulatedStore {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #weakness: Weakness | undefined;
  readonly #watcher: StoreWatcher;
  #transactions: Entry[][] = [];
  #synced = 0;
  #streams = new Map<RunId, Stream>();
  #tail: Extract<TailEntry, { kind: "event" }>[] = [];
  #queue: Waiting[] = [];
  #committing = false;
  /** What began in an earlier life of the store ends in none. */
  #life = 0;
  #downUntil = 0;
  #fullUntil = 0;
  #doomed = false;

  constructor(scheduler: Scheduler, random: Random, watcher: StoreWatcher, weakness?: Weakness) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#watcher = watcher;
    this.#weakness = weakness;
  }

  get down(): boolean {
    return this.#downUntil > this.#scheduler.now;
  }

  append(request: AppendRequest, by: string, reply: Reply<AppendResult>): void {
    if (this.down) return;
    this.#queue.push({ request, by, reply });
    this.#begin();
  }

  read(run: RunId, after: number, reply: Reply<RunEvent[]>): void {
    if (!this.down) reply({ value: structuredClone(this.eventsOf(run).slice(after)) });
  }

  runs(): RunSummary[] {
    return [...this.#streams]
      .map(([run, { events }]) => ({
        run,
        events: events.length,
        startedAt: events[0]?.at ?? 0,
        lastEventAt: events.at(-1)?.at ?? 0,
      }))
      .reverse();
  }

  tail(after: number, entriesMax: number): TailEntry[] {
    return structuredClone(this.#tail.filter(({ position }) => position > after).slice(0, entriesMax));
  }

  head(): number {
    return this.#tail.length;
  }

  /** What readers see. */
  eventsOf(run: RunId): readonly RunEvent[] {
    return this.#streams.get(run)?.events ?? [];
  }

  parentOf(run: RunId): RunId | undefined {
    const [first] = this.eventsOf(run);
    return first?.type === "run-started" ? (first.parent?.run as RunId | undefined) : undefined;
  }

  /** Every append that readers see, as it is on the disk. */
  entries(): readonly Entry[] {
    return this.#transactions.flat();
  }

  /** It dies at its next sync, in the middle of it. */
  doom(): void {
    this.#doomed = true;
  }

  /** As by kill -9: the operating system has what was written, and the next life reads it, after it has synced it. */
  kill(): void {
    this.#doomed = false;
    this.#restart();
    this.#recover();
    if (this.#weakness !== "opens-unsynced") this.#synced = this.#transactions.length;
  }

  losePower(): void {
    this.#restart();
    const unsynced = this.#transactions.length - this.#synced;
    const lost = this.#weakness === "loses-synced" ? 2 : 0;
    this.#transactions.length = Math.max(0, this.#synced + Math.floor(this.#random() * (unsynced + 1)) - lost);
    this.#synced = this.#transactions.length;
    this.#recover();
  }

  fillDisk(durationMs: number): void {
    this.#fullUntil = this.#scheduler.now + durationMs;
  }

  #restart(): void {
    this.#life++;
    this.#queue = [];
    this.#committing = false;
    this.#downUntil = this.#scheduler.now + downMs;
  }

  #recover(): void {
    this.#streams = new Map();
    this.#tail = [];
    for (const entry of this.#transactions.flat()) this.#show(entry);
    this.#watcher.recovered();
  }

  #begin(): void {
    if (this.#committing) return;
    this.#committing = true;
    this.#soon(0.1, "store: commit", () => this.#commit());
  }

  #commit(): void {
    const waiting = this.#queue.splice(0);
    if (this.#fullUntil > this.#scheduler.now) {
      const error = new FaultError(fault("disk-full", "no space left", "free some space"));
      for (const { reply } of waiting) reply({ error });
      this.#end();
      return;
    }
    const transaction: Entry[] = [];
    const answers = waiting.map((each) => ({ ...each, result: this.#insert(each, transaction) }));
    if (transaction.length > 0) this.#transactions.push(transaction);
    const written = this.#transactions.length;
    const answer = () => {
      for (const entry of transaction) {
        this.#show(entry);
        this.#watcher.committed(entry);
      }
      for (const { request, result, reply } of answers) {
        if (result.kind !== "conflict") this.#watcher.acknowledged(request.run, result.events);
        reply({ value: structuredClone(result) });
      }
    };
    const hasty = this.#weakness === "acknowledges-unsynced";
    if (hasty) answer();
    // Without anything written there is nothing to sync.
    const syncMs = transaction.length === 0 ? 0.1 : hasty ? 400 : 1 + this.#random() * 9;
    if (this.#doomed && transaction.length > 0) this.#soon(syncMs / 2, "store: killed", () => this.kill());
    this.#soon(syncMs, `store: synced ${written}`, () => {
      if (transaction.length > 0) this.#synced = Math.max(this.#synced, written);
      if (!hasty) answer();
      this.#end();
    });
  }

  #end(): void {
    this.#committing = false;
    if (this.#queue.length > 0) this.#begin();
  }

  #soon(delayMs: number, what: string, act: () => void): void {
    const life = this.#life;
    this.#scheduler.after(delayMs, what, () => {
      if (life === this.#life) act();
    });
  }

  #insert({ request, by }: Waiting, transaction: Entry[]): AppendResult {
    const { run, idempotencyKey: key } = request;
    const stream = this.#streams.get(run);
    const staged = transaction.filter((entry) => entry.run === run);
    const all = [...(stream?.events ?? []), ...staged.flatMap(({ events }) => events)];
    const earlier = stream?.keys.get(key);
    if (this.#weakness !== "forgets-keys") {
      if (earlier !== undefined) return { kind: "duplicate", events: all.slice(earlier.first - 1, earlier.last) };
      const twin = staged.find((entry) => entry.key === key);
      if (twin !== undefined) return { kind: "duplicate", events: twin.events };
    }
    const actualSeq = all.length;
    const anywhere = this.#weakness === "appends-anywhere" && request.expectedSeq > 0;
    if (request.expectedSeq !== actualSeq && !anywhere) return { kind: "conflict", actualSeq };
    const events = request.events.map((body, index) => this.#seal(body, actualSeq + 1 + index, run));
    let chain = staged.at(-1)?.chain ?? stream?.chain ?? "";
    for (const event of events) chain = link(chain, event);
    transaction.push({ run, key, events, chain, by });
    return { kind: "appended", events };
  }

  #seal(body: RunEventBody, seq: number, runId: RunId): RunEvent {
    const place = { seq, runId, at: Math.floor(this.#scheduler.now) };
    // The one thing that comes from a real clock.
    const timeless = body.type === "step-finished" ? { ...body, durationMs: 0 } : body;
    return runEventSchema.parse(JSON.parse(JSON.stringify({ ...timeless, ...place })));
  }

  #show({ run, key, events, chain }: Entry): void {
    const stream = this.#streams.get(run) ?? emptyStream();
    this.#streams.set(run, stream);
    const first = stream.events.length + 1;
    stream.events.push(...events);
    stream.chain = chain;
    if (!stream.keys.has(key)) stream.keys.set(key, { first, last: stream.events.length });
    for (const event of events)
      this.#tail.push({ position: this.#tail.length + 1, run, kind: "event" as const, event });
  }
}

/** As in the journal's file: SHA-256 over the chain before it and the event's text. */
export function link(chain: string, event: RunEvent): string {
  return createHash("sha256").update(chain).update("\n").update(JSON.stringify(event)).digest("hex");
}

function emptyStream(): Stream {
  return { events: [], chain: "", keys: new Map() };
}
