import type { RunSlot } from "./run-slot.ts";

type Taking = { done: Promise<unknown>; stop: AbortController; wanted: number };

/** Gives a run's slot back while the run is idle, and takes it again, once for all that want to go on. */
export class SlotKeeper {
  readonly #slot: RunSlot | undefined;
  readonly #isIdle: () => boolean;
  #isHeld = true;
  #taking: Taking | undefined;

  /** Without a slot there is nothing to keep. */
  constructor(slot: RunSlot | undefined, isIdle: () => boolean) {
    this.#slot = slot;
    this.#isIdle = isIdle;
  }

  /** It may be idle. Looked at when what is due now has happened: between two steps nothing goes on, and the slot is kept. */
  look(): void {
    if (this.#slot === undefined) return;
    setImmediate(() => {
      if (!this.#isHeld || !this.#isIdle()) return;
      this.#isHeld = false;
      this.#slot?.giveBack();
    });
  }

  /** Resolves when the run has its slot, or the signal aborts. */
  async hold(signal: AbortSignal): Promise<void> {
    if (this.#slot === undefined || this.#isHeld || signal.aborted) return;
    this.#taking ??= this.#take(this.#slot);
    const taking = this.#taking;
    taking.wanted++;
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    signal.addEventListener("abort", abort, { once: true });
    await Promise.race([taking.done, aborted.promise]);
    signal.removeEventListener("abort", abort);
    taking.wanted--;
    if (taking.wanted > 0 || this.#taking !== taking) return;
    this.#taking = undefined;
    taking.stop.abort();
  }

  #take(slot: RunSlot): Taking {
    const stop = new AbortController();
    const done = slot.takeAgain(stop.signal).then((granted) => {
      if (!granted) return;
      this.#isHeld = true;
      this.#taking = undefined;
      // Whoever wanted it may be gone by now.
      this.look();
    });
    return { done, stop, wanted: 0 };
  }
}
