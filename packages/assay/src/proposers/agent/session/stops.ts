import type { ConversationEnd, ConversationOptions } from "./converse.ts";

/** What ends a conversation from our side: the clock, silence, a flood, the user. The first one counts. */
export class Stops implements Disposable {
  readonly stopped: Promise<ConversationEnd>;
  readonly #graceMsMax: number;
  readonly #wall: NodeJS.Timeout;
  readonly #idle: NodeJS.Timeout;
  readonly #unlisten: () => void;
  #grace: NodeJS.Timeout | undefined;
  #reason: ConversationEnd | undefined;
  #settle: (end: ConversationEnd) => void;

  constructor({ wallMsMax, idleMsMax, graceMsMax, signal }: ConversationOptions) {
    const { promise, resolve } = Promise.withResolvers<ConversationEnd>();
    this.stopped = promise;
    this.#settle = resolve;
    this.#graceMsMax = graceMsMax;
    this.#wall = setTimeout(() => this.stop({ kind: "timed-out", by: "wall", msMax: wallMsMax }), wallMsMax);
    this.#idle = setTimeout(() => this.stop({ kind: "timed-out", by: "idle", msMax: idleMsMax }), idleMsMax);
    const abort = () => this.stop({ kind: "aborted" });
    signal?.addEventListener("abort", abort, { once: true });
    this.#unlisten = () => signal?.removeEventListener("abort", abort);
    if (signal?.aborted) abort();
  }

  get reason(): ConversationEnd | undefined {
    return this.#reason;
  }

  stop(end: ConversationEnd): void {
    this.#reason ??= end;
    this.#settle(this.#reason);
  }

  notIdle(): void {
    this.#idle.refresh();
  }

  /** Settles when an agent that was asked to stop has had its time. */
  grace(): Promise<void> {
    return new Promise((resolve) => {
      this.#grace = setTimeout(resolve, this.#graceMsMax);
    });
  }

  [Symbol.dispose](): void {
    for (const timer of [this.#wall, this.#idle, this.#grace]) clearTimeout(timer);
    this.#unlisten();
  }
}
