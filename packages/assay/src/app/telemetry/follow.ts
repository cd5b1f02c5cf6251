import type { Journal, TailEntry } from "#ports";

const entriesMax = 500;

/** Hands over what was appended, in order, each once; the next only when `onEntry` has settled. */
export class Follower implements AsyncDisposable {
  readonly #journal: Pick<Journal, "tail" | "watch">;
  readonly #onEntry: (entry: TailEntry) => void | Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  readonly #watching: Disposable;
  #position: number;
  #reading: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  /**
   * From behind `position`. A journal that cannot be read is told to `onFailure`, and tried again when it has changed; an entry of which
   * `onEntry` rejects is told too, and passed over.
   */
  constructor(
    journal: Pick<Journal, "tail" | "watch">,
    position: number,
    onEntry: (entry: TailEntry) => void | Promise<void>,
    onFailure: (error: unknown) => void,
  ) {
    this.#journal = journal;
    this.#position = position;
    this.#onEntry = onEntry;
    this.#onFailure = onFailure;
    this.#watching = journal.watch(() => this.#wake());
    this.#wake();
  }

  /** Reads what is left, then stops. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#watching[Symbol.dispose]();
    this.#wake();
    this.#stopped = true;
    await this.#reading;
  }

  #wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
  }

  async #read(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await this.#readAll();
      } catch (error) {
        this.#onFailure(error);
      }
    }
  }

  async #tell(entry: TailEntry): Promise<void> {
    try {
      await this.#onEntry(entry);
    } catch (error) {
      this.#onFailure(error);
    }
  }

  async #readAll(): Promise<void> {
    for (;;) {
      const entries = await this.#journal.tail(this.#position, entriesMax);
      for (const entry of entries) {
        // Before it is told: what cannot be told must not keep the rest from being told, for ever.
        this.#position = entry.position;
        await this.#tell(entry);
      }
      if (entries.length < entriesMax) return;
    }
  }
}
