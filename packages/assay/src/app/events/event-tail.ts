import type { RunEvent } from "@assay/sdk";
import type { Journal, TailEntry } from "#ports";
import { LoopTurns } from "./loop-turns.ts";
import { RecentEvents, type TailedEvent } from "./recent-events.ts";
import { shownEvent } from "./shown-event.ts";

export type EventFilter = {
  /** Position behind which it begins; absent: from now on. */
  after?: number | undefined;
  run?: string | undefined;
  types?: ReadonlySet<RunEvent["type"]> | undefined;
};

/** What was seen next: all that the filter lets through up to a position, which may be nothing. */
export type TailBatch = { events: readonly TailedEvent[]; through: number };

export type EventTailOptions = {
  /** Events kept in memory. Default 10,000. */
  recentMax?: number;
  /** Characters of JSON kept in memory. Default 16 Mi. */
  recentCharactersMax?: number;
  /** Events read from the journal at once, and the most that a batch holds. Default 256. */
  batchMax?: number;
};

/** Whoever is further behind than this catches up: it waits until those are served who are not. */
const behindMax = 32;

type TailJournal = Pick<Journal, "tail" | "head" | "watch">;

/** Reads the end of the journal while somebody listens. */
type Reader = { recent: RecentEvents; watch: Disposable; reading: Promise<void> | undefined; isStale: boolean };

/**
 * One tenant's events as they are appended, for any number of subscribers. While there is one, a single reader follows the journal; each
 * new event is read, parsed and serialised once. A subscriber is a position: it asks for what follows when it is ready, from memory or,
 * where that does not reach back so far, from the journal in pages. Nothing is queued for it, so a slow one costs no memory. Those who
 * catch up take turns, a batch each: however many come back at once, a new event waits for one batch of theirs and not for all.
 *
 * Events that cannot be read are left out, as the `tail` of the journal tells them; the run's own stream says what is wrong.
 */
export class EventTail {
  readonly #journal: TailJournal;
  readonly #recentMax: number;
  readonly #recentCharactersMax: number;
  readonly #batchMax: number;
  readonly #waiting = new Set<(error?: unknown) => void>();
  readonly #turns = new LoopTurns();
  #subscribers = 0;
  #reader: Promise<Reader> | undefined;

  constructor(journal: TailJournal, options: EventTailOptions = {}) {
    this.#journal = journal;
    this.#recentMax = options.recentMax ?? 10_000;
    this.#recentCharactersMax = options.recentCharactersMax ?? 16 * 1024 * 1024;
    this.#batchMax = options.batchMax ?? 256;
  }

  /** The position of the last event of all runs; 0 for none. */
  head(): Promise<number> {
    return this.#journal.head();
  }

  /**
   * What is behind `after`, then what is appended, each event once and in order, until `signal` is aborted. The first batch tells where it
   * begins. Throws what reading the journal throws; subscribing again behind the last batch goes on without a gap.
   */
  async *subscribe(filter: EventFilter, signal: AbortSignal): AsyncGenerator<TailBatch, void, void> {
    this.#subscribers += 1;
    try {
      const reader = await this.#follow();
      this.#read(reader);
      let through = filter.after ?? (await this.#journal.head());
      yield { events: [], through };
      while (!signal.aborted) {
        if (isBehind(reader, through)) await this.#turns.next();
        const batch = await this.#next(reader, through);
        if (batch === undefined) {
          await this.#appended(reader, through, signal);
        } else {
          through = batch.through;
          yield { events: batch.events.filter((event) => matches(event, filter)), through };
        }
      }
    } finally {
      this.#subscribers -= 1;
      if (this.#subscribers === 0) await this.#rest();
    }
  }

  /** `undefined`: nothing is behind this position yet. */
  async #next({ recent }: Reader, position: number): Promise<TailBatch | undefined> {
    if (recent.holdsAllAfter(position)) {
      if (position >= recent.through) return undefined;
      const events = recent.after(position, this.#batchMax);
      const last = events.at(-1);
      return { events, through: events.length < this.#batchMax || last === undefined ? recent.through : last.position };
    }
    // Taken before the look: what is appended meanwhile lies behind it.
    const { through } = recent;
    const page = await this.#journal.tail(position, this.#batchMax);
    return { events: toTailed(page), through: page.at(-1)?.position ?? through };
  }

  /** Resolves when there is something behind the position, or the signal is aborted. */
  #appended({ recent }: Reader, position: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (recent.through > position || signal.aborted) {
        resolve();
        return;
      }
      const wake = (error?: unknown) => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", onAbort);
        if (error === undefined) resolve();
        else reject(error);
      };
      const onAbort = () => wake();
      this.#waiting.add(wake);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  #follow(): Promise<Reader> {
    this.#reader ??= this.#begin();
    return this.#reader;
  }

  async #begin(): Promise<Reader> {
    try {
      const recent = new RecentEvents(await this.#journal.head(), this.#recentMax, this.#recentCharactersMax);
      const reader: Reader = { recent, reading: undefined, isStale: false, watch: { [Symbol.dispose]() {} } };
      reader.watch = this.#journal.watch(() => this.#read(reader));
      // What was appended between the look at the head and the watch has told nobody.
      this.#read(reader);
      return reader;
    } catch (error) {
      this.#reader = undefined;
      throw error;
    }
  }

  /** Nobody listens any more. */
  async #rest(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    (await reader)?.watch[Symbol.dispose]();
  }

  #read(reader: Reader): void {
    reader.isStale = true;
    reader.reading ??= this.#readAll(reader).finally(() => {
      reader.reading = undefined;
      // Somebody appended after the last look and before this.
      if (reader.isStale) this.#read(reader);
    });
  }

  async #readAll(reader: Reader): Promise<void> {
    try {
      while (reader.isStale) {
        reader.isStale = false;
        const page = await this.#journal.tail(reader.recent.through, this.#batchMax);
        const last = page.at(-1);
        if (last === undefined) continue;
        reader.recent.add(toTailed(page), last.position);
        if (page.length === this.#batchMax) {
          reader.isStale = true;
          await new Promise(setImmediate);
        }
        for (const wake of [...this.#waiting]) wake();
      }
    } catch (error) {
      reader.isStale = false;
      // Whoever listens is told; the next append, or whoever subscribes next, tries again.
      for (const wake of [...this.#waiting]) wake(error);
    }
  }
}

/** An embedded journal answers in the same turn, and so does memory: a long history must not keep everybody else waiting. */
function isBehind({ recent }: Reader, position: number): boolean {
  return !recent.holdsAllAfter(position) || recent.through - position > behindMax;
}

function toTailed(page: readonly TailEntry[]): TailedEvent[] {
  return page.flatMap((entry) => {
    if (entry.kind === "unreadable") return [];
    const { position } = entry;
    const event = shownEvent(entry.event);
    return [{ position, event, json: JSON.stringify({ position, event }) }];
  });
}

function matches({ event }: TailedEvent, { run, types }: EventFilter): boolean {
  return (run === undefined || event.runId === run) && (types === undefined || types.has(event.type));
}
