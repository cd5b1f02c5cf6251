import { setTimeout as pass } from "node:timers/promises";
import type { AssayClient, RunDetail, RunEvent } from "@assay/sdk";
import { FaultError, type RunId } from "#domain";
import { asFault } from "./as-fault.ts";

export type FollowOptions = {
  /** The `seq` behind which events are new. */
  after: number;
  /** The process of the daemon. */
  pid: number;
  onEvent: (event: RunEvent) => void;
  /** What is going on, for a person. */
  onNow: (now: string) => void;
  /** Aborted: the run is interrupted, and followed to its checkpoint. */
  signal?: AbortSignal;
};

/** Between two looks while nothing is heard; what is heard makes the next look come at once. */
const lookMs = 1_000;
/** Between two looks at least: events come in swarms, and the daemon counts requests. */
const breathMs = 100;
const pageMax = 500;

/** Shows a run's new events in order until the daemon does nothing for it any more, and gives how it stands then. */
export async function followRun(client: AssayClient, run: RunId, options: FollowOptions): Promise<RunDetail> {
  let seq = options.after;
  let isInterrupted = false;
  using bell = new Bell(client, run);
  for (;;) {
    if (options.signal?.aborted && !isInterrupted) {
      isInterrupted = true;
      // It may have ended in between, and then there is nothing to interrupt.
      await asFault(client.runs.interrupt(run), options.pid).catch((error: unknown) => {
        if (!(error instanceof FaultError && error.fault.code === "usage")) throw error;
      });
    }
    const heard = bell.next(options.signal, isInterrupted);
    // First how it stands, then its events: none of them can be missing when it has ended.
    const detail = await asFault(client.runs.get(run), options.pid);
    while (seq < detail.events) {
      const { items } = await asFault(client.runs.events(run, { after: seq, limit: pageMax }), options.pid);
      for (const event of items) options.onEvent(event);
      const last = items.at(-1);
      if (last === undefined) break;
      seq = last.seq;
    }
    if (detail.status !== "queued" && detail.status !== "running") return detail;
    if (detail.now !== undefined) options.onNow(detail.now);
    await Promise.all([heard, pass(breathMs)]);
  }
}

/** Rings when the daemon tells of an event of the run. Its stream carries no more than that: what is shown is read by `seq`. */
class Bell implements Disposable {
  readonly #stop = new AbortController();
  #ring = Promise.withResolvers<void>();

  constructor(client: AssayClient, run: RunId) {
    void this.#listen(client, run).catch(() => undefined);
  }

  /** Settles at the next ring, at an abort that was not seen yet, or after a while. */
  async next(signal: AbortSignal | undefined, isInterrupted: boolean): Promise<void> {
    const over = new AbortController();
    const until = signal === undefined || isInterrupted ? over.signal : AbortSignal.any([over.signal, signal]);
    const later = pass(lookMs, undefined, { signal: until }).catch(() => undefined);
    await Promise.race([this.#ring.promise, later]);
    over.abort();
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #listen(client: AssayClient, run: RunId): Promise<void> {
    for await (const _ of client.events({ run, signal: this.#stop.signal })) {
      const { resolve } = this.#ring;
      this.#ring = Promise.withResolvers<void>();
      resolve();
    }
  }
}
