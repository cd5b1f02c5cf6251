import type { EditBatch, EditOutcome } from "#ports";
import type { ScreenPool } from "../screens/screen-pool.ts";
import type { TestOrder } from "../screens/test-order.ts";
import type { Trial } from "./distinct-edits.ts";

/** Edits that are tried together; the first few come back soon, for a repair is often among them. */
const chunkMin = 8;
const chunkMax = 64;

/** Chunks that in a row had no outcome at all before no more are asked for. */
const emptyMax = 2;

/** What an edit that hung may take beyond the usual, when it is tried again. */
const patience = 100;

/** Cuts trials into chunks for one slot's screen, larger ones as they turn out to be worth it. */
export class Chunks {
  #size = chunkMin;
  #empty = 0;
  #left: Trial[] = [];

  take(trials: Iterator<Trial>, most: number): Trial[] {
    const size = this.#empty >= emptyMax ? 1 : Math.min(this.#size, most);
    const chunk = this.#left.splice(0, size);
    while (chunk.length < size) {
      const next = trials.next();
      if (next.done) break;
      chunk.push(next.value);
    }
    return chunk;
  }

  /** Comes again with the next chunk. */
  putBack(trial: Trial): void {
    this.#left.push(trial);
  }

  /** Outcomes by rank of those that were tried together. */
  async try(
    pool: ScreenPool,
    slot: number,
    chunk: readonly Trial[],
    order: TestOrder,
    again: boolean,
  ): Promise<ReadonlyMap<number, EditOutcome>> {
    const outcomes = new Map<number, EditOutcome>();
    if (this.#empty >= emptyMax) return outcomes;
    for (const trials of Map.groupBy(chunk, ({ edit }) => edit.file).values()) {
      const batch = batchOf(trials, order, again);
      for (const outcome of await pool.tryEdits(slot, batch)) outcomes.set(outcome.id, outcome);
    }
    this.#empty = outcomes.size === 0 ? this.#empty + 1 : 0;
    this.#size = Math.min(chunkMax, this.#size * 2);
    return outcomes;
  }
}

function batchOf(trials: readonly Trial[], order: TestOrder, again: boolean): EditBatch {
  const orders = new Map<string, { index: number; tests: string[] }>();
  const candidates = trials.map(({ rank, edit }) => {
    const tests = order.guardsFor(edit.file, edit.line, edit.statementLine);
    const key = tests.join("\n");
    const known = orders.get(key) ?? { index: orders.size, tests };
    orders.set(key, known);
    return { id: rank, start: edit.start, end: edit.end, text: edit.replacement, order: known.index };
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
