import type { EditBatch, EditOutcome, TextEdit } from "#ports";
import type { Replacement } from "#syntax";
import type { ScreenPool } from "../screens/screen-pool.ts";
import type { TestOrder } from "../screens/test-order.ts";
import type { Trial } from "./trials.ts";

/** Edits that are tried together; the first few come back soon, for a repair is often among them. */
const chunkMin = 8;
const chunkMax = 64;

/** Chunks of a file that in a row had no outcome at all before no more are asked for. */
const emptyMax = 2;

/** What an edit that hung may take beyond the usual, when it is tried again. */
const patience = 100;

/** Cuts trials into chunks for one slot's screen, larger ones as they turn out to be worth it. */
export class Chunks {
  readonly #alone: boolean;
  #size = chunkMin;
  /** By file. */
  readonly #empty = new Map<string, number>();
  /** Not reached in time with the last chunk: they come first in the next one. */
  #left: Trial[] = [];

  constructor(alone: boolean) {
    this.#alone = alone;
  }

  take(trials: Iterator<Trial>, most: number): Trial[] {
    const size = this.#alone ? 1 : Math.min(this.#size, Math.max(1, most));
    const chunk = this.#left.splice(0, size);
    while (chunk.length < size) {
      const next = trials.next();
      if (next.done) break;
      chunk.push(next.value);
    }
    return chunk;
  }

  /** Whether a trial without an outcome comes again with the next chunk. */
  isPutBack(trial: Trial): boolean {
    return this.#left.includes(trial);
  }

  /** Outcomes by rank of those that were tried together. What a file's chunk did not reach is put back; a file without any is not asked about for long. */
  async try(
    pool: ScreenPool,
    slot: number,
    chunk: readonly Trial[],
    order: TestOrder,
    again: boolean,
  ): Promise<ReadonlyMap<number, EditOutcome>> {
    const outcomes = new Map<number, EditOutcome>();
    if (this.#alone) return outcomes;
    const left: Trial[] = [];
    for (const [file, trials] of Map.groupBy(chunk, ({ edit }) => edit.file)) {
      const empty = this.#empty.get(file) ?? 0;
      if (empty >= emptyMax) continue;
      const found = await pool.tryEdits(slot, batchOf(trials, order, again));
      for (const outcome of found) outcomes.set(outcome.id, outcome);
      this.#empty.set(file, found.length === 0 ? empty + 1 : 0);
      if (found.length > 0) left.push(...trials.filter(({ rank }) => !outcomes.has(rank)));
    }
    this.#left = [...left, ...this.#left];
    this.#size = outcomes.size === 0 ? chunkMin : Math.min(chunkMax, this.#size * 2);
    return outcomes;
  }
}

export function textEditOf({ start, end, replacement: text, both }: Replacement): TextEdit {
  return both === undefined ? { start, end, text } : { start, end, text, parts: both.map(textEditOf) };
}

function batchOf(trials: readonly Trial[], order: TestOrder, again: boolean): EditBatch {
  const orders = new Map<string, { index: number; tests: string[] }>();
  const candidates = trials.map(({ rank, edit }) => {
    const tests = order.guardsFor(edit.file, edit.line, edit.statementLine);
    const key = tests.join("\n");
    const known = orders.get(key) ?? { index: orders.size, tests };
    orders.set(key, known);
    return { id: rank, ...textEditOf(edit), order: known.index };
  });
  return {
    id: trials[0]?.rank ?? 0,
    file: trials[0]?.edit.file ?? "",
    source: trials[0]?.source ?? "",
    targets: order.targets,
    orders: [...orders.values()].map(({ tests }) => tests),
    candidates,
    fuelFactor: again ? patience : 1,
  };
}
