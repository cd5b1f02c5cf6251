import type { FaultCode, RunEvent } from "@assay/sdk";
import { FaultError, type RunId } from "#domain";
import { faultOf } from "#engine";
import type { Journal, TailEntry } from "#ports";
import { advanceRow, newRow, type RunRow } from "./run-row.ts";

/** Where a page of runs ended. */
export type RunPlace = { startedAt: number; run: string };

export type IndexedJournal = Pick<Journal, "read" | "runs" | "tail" | "head">;

/** Events between two breaths, when it follows. */
const pageMax = 64;
/** Between two breaths, when it reads runs, in milliseconds. */
const breathMs = 5;
/** What keeps all runs from being read, now. */
const ofTheFile: ReadonlySet<FaultCode> = new Set(["run-locked", "disk-full", "state-not-writable"]);

/**
 * One tenant's runs in memory, each a row of what lists show: made by reading every run once, then from what is appended. All others have
 * their turn while it reads. An index of 10,000 small runs takes some 20 MB.
 */
export class RunIndex {
  readonly #journal: IndexedJournal;
  /** Oldest first. */
  #rows: RunRow[] = [];
  #places = new Map<string, number>();
  /** Of the journal's tail; `undefined`: nothing was read yet. */
  #position: number | undefined;
  #current: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(journal: IndexedJournal) {
    this.#journal = journal;
  }

  /** Whether `get` knows the runs there were when it was last caught up. */
  get isMade(): boolean {
    return this.#position !== undefined;
  }

  /** Settles when everything is in it that was in the journal at the call. Throws what reading the journal throws. */
  caughtUp(): Promise<void> {
    // What is under way may have looked already: those who come meanwhile share the look behind it.
    this.#next ??= this.#after(this.#current);
    return this.#next;
  }

  get(run: string): RunRow | undefined {
    const place = this.#places.get(run);
    return place === undefined ? undefined : this.#rows[place];
  }

  /** Those that are older than a place. Where the run is gone, what began before it. */
  *newestFirst(after?: RunPlace): Generator<RunRow> {
    const known = after === undefined ? this.#rows.length : this.#places.get(after.run);
    for (let index = (known ?? this.#rows.length) - 1; index >= 0; index--) {
      const row = this.#rows[index];
      if (row === undefined) continue;
      if (known === undefined && after !== undefined && row.summary.startedAt >= after.startedAt) continue;
      yield row;
    }
  }

  oldestFirst(): readonly RunRow[] {
    return this.#rows;
  }

  async #after(current: Promise<void> | undefined): Promise<void> {
    await current?.catch(() => undefined);
    this.#current = this.#next;
    this.#next = undefined;
    if (this.#position === undefined) await this.#make();
    else await this.#follow(this.#position);
  }

  async #make(): Promise<void> {
    // First, so that what is appended meanwhile is followed from here.
    const head = await this.#journal.head();
    const rows: RunRow[] = [];
    let since = performance.now();
    for (const { run } of (await this.#journal.runs()).toReversed()) {
      rows.push(await this.#read(run));
      if (performance.now() - since < breathMs) continue;
      await breath();
      since = performance.now();
    }
    this.#rows = rows;
    this.#places = new Map(rows.map(({ summary }, place) => [summary.run, place]));
    await this.#follow(head);
  }

  async #follow(from: number): Promise<void> {
    for (let position = from; ; ) {
      const head = await this.#journal.head();
      const page = await this.#journal.tail(position, pageMax);
      for (const entry of page) await this.#take(entry);
      // Positions of other tenants' are not looked at again.
      position = page.length < pageMax ? Math.max(position, head) : (page.at(-1)?.position ?? head);
      this.#position = position;
      if (page.length < pageMax) return;
      await breath();
    }
  }

  async #take(entry: TailEntry): Promise<void> {
    const { run } = entry;
    const known = this.get(run);
    const row = known ?? newRow(run);
    if (known === undefined) this.#places.set(run, this.#rows.push(row) - 1);
    const { events } = row.summary;
    if (entry.kind === "event" && row.unreadable === undefined) {
      if (entry.event.seq <= events) return;
      if (entry.event.seq === events + 1 && canAdvance(row, entry.event)) return;
    }
    this.#rows[this.#places.get(run) ?? -1] = await this.#read(run);
  }

  /** With its chain checked. */
  async #read(run: RunId): Promise<RunRow> {
    const row = newRow(run);
    try {
      for (const event of await this.#journal.read(run)) advanceRow(row, event);
      return row;
    } catch (error) {
      if (error instanceof FaultError && ofTheFile.has(error.fault.code)) throw error;
      // Whatever is wrong with one run, the others are listed and go on.
      return { ...(await this.#unread(run)), unreadable: faultOf(error) };
    }
  }

  /** As far as it is known without its events. */
  async #unread(run: RunId): Promise<RunRow> {
    const summary = (await this.#journal.runs()).find((one) => one.run === run);
    return summary === undefined ? newRow(run) : { ...newRow(run), summary };
  }
}

/** `false`: it is to be read from its beginning, which says why it cannot be. */
function canAdvance(row: RunRow, event: RunEvent): boolean {
  try {
    advanceRow(row, event);
    return true;
  } catch {
    return false;
  }
}

/** Lets everybody else have their turn. */
export function breath(): Promise<void> {
  return new Promise(setImmediate);
}
