import { FaultError, fault } from "#domain";
import type {
  EditBatch,
  EditComparison,
  EditContrast,
  EditOutcome,
  Screen,
  ScreenOutcome,
  ScreenRequest,
} from "#ports";

/** A screen with what must be given back after it. */
export type OpenScreen = (slot: number) => Promise<Screen>;

/** Screens that died are replaced this often, over all slots, before the batch gives up. */
const replacementsMax = 5;

/** Several screens side by side, each opened on first use, replaced when its process is gone. */
export class ScreenPool implements AsyncDisposable {
  readonly #open: OpenScreen;
  readonly #screens = new Map<number, Promise<Screen>>();
  #replaced = 0;

  constructor(open: OpenScreen) {
    this.#open = open;
  }

  /**
   * Tries on the slot's screen, one at a time per slot. A candidate that takes the process down is `broken`;
   * throws a `FaultError` when screens keep dying.
   */
  async try(slot: number, request: ScreenRequest): Promise<ScreenOutcome> {
    return await this.#on(
      slot,
      (screen) => screen.try(request),
      (message) => ({ id: request.id, kind: "broken", message }),
    );
  }

  /** Outcomes of those edits that the slot's screen can try together. Throws as `try` does. */
  async tryEdits(slot: number, batch: EditBatch): Promise<EditOutcome[]> {
    return await this.#on(
      slot,
      async (screen) => (await screen.tryEdits?.(batch)) ?? [],
      () => [],
    );
  }

  /** An input that tells edits apart, where the slot's screen can find one. Throws as `try` does. */
  async tellApart(slot: number, contrast: EditContrast): Promise<EditComparison> {
    return await this.#on(
      slot,
      (screen) => screen.tellApart?.(contrast) ?? Promise.resolve({ compared: false }),
      () => ({ compared: false }),
    );
  }

  async #on<T>(slot: number, use: (screen: Screen) => Promise<T>, gone: (message: string) => T): Promise<T> {
    const screen = await this.#opened(slot);
    try {
      return await use(screen);
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.code !== "sandbox-failed") throw error;
      this.#screens.delete(slot);
      await screen[Symbol.asyncDispose]();
      this.#replaced += 1;
      if (this.#replaced > replacementsMax) {
        throw new FaultError(fault("sandbox-failed", `screens keep dying: ${error.fault.message}`), { cause: error });
      }
      return gone(error.fault.message);
    }
  }

  /** Begins to open the slot's screen, ahead of its first use; a failure shows then. */
  prepare(slot: number): void {
    this.#opened(slot).catch(() => undefined);
  }

  async #opened(slot: number): Promise<Screen> {
    const opening = this.#screens.get(slot) ?? this.#open(slot);
    this.#screens.set(slot, opening);
    return await opening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#screens.values()];
    this.#screens.clear();
    await Promise.allSettled(open.map(async (screen) => (await screen)[Symbol.asyncDispose]()));
  }
}
