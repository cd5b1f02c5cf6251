type Occurrence = { at: number; order: number; what: string; act: () => void; cancelled: boolean };

/** Takes an occurrence back that has not happened yet. */
export type Cancel = () => void;

/**
 * Everything that happens in a simulation happens here, one after the other, in the order of the simulated time; at the same time in the
 * order in which it was asked for. After each occurrence all promises that it settled have run before the next begins: none of
 * the simulated code waits for a real timer, a file or a socket, so that microtasks are all there is to wait for.
 */
export class Scheduler {
  /** Milliseconds since the Unix epoch, as the simulated programs see them. */
  now = 1_600_000_000_000;
  /** How often something happened. */
  occurrences = 0;
  readonly #beganAt = this.now;
  readonly trace: string[] = [];
  readonly #heap: Occurrence[] = [];
  #ordered = 0;

  /** In `delayMs` from now. */
  after(delayMs: number, what: string, act: () => void): Cancel {
    const occurrence = { at: this.now + Math.max(0, delayMs), order: this.#ordered++, what, act, cancelled: false };
    this.#push(occurrence);
    return () => {
      occurrence.cancelled = true;
    };
  }

  /** Notes what happened now, beside what was scheduled. */
  note(what: string): void {
    this.trace.push(`${(this.now - this.#beganAt).toFixed(1)} ms  ${what}`);
  }

  /** Lets the next thing happen; false when nothing is left. */
  async step(): Promise<boolean> {
    for (;;) {
      const next = this.#pop();
      if (next === undefined) return false;
      if (next.cancelled) continue;
      this.now = next.at;
      this.occurrences++;
      this.note(next.what);
      next.act();
      // The event loop comes to this only when no microtask is left.
      await new Promise(setImmediate);
      return true;
    }
  }

  #push(occurrence: Occurrence): void {
    const heap = this.#heap;
    let place = heap.push(occurrence) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!before(occurrence, heap[above])) break;
      heap[place] = heap[above] as Occurrence;
      place = above;
    }
    heap[place] = occurrence;
  }

  #pop(): Occurrence | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1] as Occurrence, heap[below])) below++;
      if (!before(heap[below] as Occurrence, last)) break;
      heap[place] = heap[below] as Occurrence;
      place = below;
    }
    heap[place] = last;
    return first;
  }
}

function before(a: Occurrence, b: Occurrence | undefined): boolean {
  return b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
}
