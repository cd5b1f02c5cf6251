import type { RunSlot } from "./run-slot.ts";
import { SlotKeeper } from "./slot-keeper.ts";

/**
 * What a run and its parts do at this moment. While all that any of them does is to wait for workers, the slot is given back; it is
 * taken again before any of them goes on.
 */
export class Activity implements Disposable {
  readonly #keeper: SlotKeeper;
  readonly #whole: Activity | undefined;
  #working = 0;
  #waiting = 0;

  /** Of an outermost run, or of a part of `whole`. */
  constructor(slot: RunSlot | undefined, whole?: Activity) {
    this.#whole = whole;
    this.#keeper = whole === undefined ? new SlotKeeper(slot, () => this.#onlyWaits) : whole.#keeper;
  }

  /** Something of its own is done, from when this resolves until it is disposed of. Without the slot where the signal aborted. */
  async work(signal: AbortSignal): Promise<Disposable> {
    this.#change(1, 0);
    await this.#keeper.hold(signal);
    return { [Symbol.dispose]: () => this.#change(-1, 0) };
  }

  /** A part that is a run of its own: it counts as work until it is disposed of, except while it only waits. */
  async part(signal: AbortSignal): Promise<Activity> {
    const part = new Activity(undefined, this);
    this.#change(1, 0);
    await this.#keeper.hold(signal);
    return part;
  }

  [Symbol.dispose](): void {
    if (this.#whole === undefined) return;
    if (this.#onlyWaits) this.#whole.#change(0, -1);
    else this.#whole.#change(-1, 0);
  }

  /** Within work that is nothing now but waiting for a worker. */
  awaitWorker<T>(signal: AbortSignal, wait: () => Promise<T>): Promise<T> {
    return this.#rest(signal, 1, wait);
  }

  /** Within work that is nothing now but waiting for what else the run does. */
  awaitRun<T>(signal: AbortSignal, wait: () => Promise<T>): Promise<T> {
    return this.#rest(signal, 0, wait);
  }

  async #rest<T>(signal: AbortSignal, waiting: 0 | 1, wait: () => Promise<T>): Promise<T> {
    this.#change(-1, waiting);
    try {
      return await wait();
    } finally {
      this.#change(1, -waiting);
      await this.#keeper.hold(signal);
    }
  }

  get #onlyWaits(): boolean {
    return this.#working === 0 && this.#waiting > 0;
  }

  #change(working: number, waiting: number): void {
    const before = this.#onlyWaits;
    this.#working += working;
    this.#waiting += waiting;
    const after = this.#onlyWaits;
    if (before === after) return;
    if (this.#whole !== undefined) this.#whole.#change(after ? -1 : 1, after ? 1 : -1);
    else if (after) this.#keeper.look();
  }
}
