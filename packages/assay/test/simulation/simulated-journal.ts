import type { RunEvent } from "@assay/sdk";
import type { RunId } from "#domain";
import type { AppendRequest, AppendResult, Journal, RunSummary, TailEntry } from "#ports";
import type { Network } from "./network.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { SimulatedStore } from "./simulated-store.ts";

/** How often a process looks for what others appended. */
const watchMs = 50;

/** The journal as one process sees it: over the network. */
export class SimulatedJournal implements Journal {
  readonly #process: SimulatedProcess;
  readonly #network: Network;
  readonly #store: SimulatedStore;

  constructor(process: SimulatedProcess, network: Network, store: SimulatedStore) {
    this.#process = process;
    this.#network = network;
    this.#store = store;
  }

  append(request: AppendRequest): Promise<AppendResult> {
    const types = request.events.map(({ type }) => type).join("+");
    const sent = structuredClone(request);
    return this.#network.call(this.#process, `append ${types} at ${request.expectedSeq}`, (reply) =>
      this.#store.append(sent, this.#process.name, reply),
    );
  }

  read(run: RunId, after = 0): Promise<RunEvent[]> {
    return this.#network.call(this.#process, `read after ${after}`, (reply) => this.#store.read(run, after, reply));
  }

  runs(): Promise<RunSummary[]> {
    return this.#ask("runs", () => this.#store.runs());
  }

  tail(after: number, entriesMax: number): Promise<TailEntry[]> {
    return this.#ask("tail", () => this.#store.tail(after, entriesMax));
  }

  head(): Promise<number> {
    return this.#ask("head", () => this.#store.head());
  }

  watch(listener: () => void): Disposable {
    let open = true;
    const look = () => {
      if (!open) return;
      listener();
      this.#process.later(watchMs, `${this.#process.name} looks`, look);
    };
    this.#process.later(watchMs, `${this.#process.name} looks`, look);
    return {
      [Symbol.dispose]: () => {
        open = false;
      },
    };
  }

  remove(): Promise<boolean> {
    throw new Error("nothing is removed in a simulation");
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #ask<T>(what: string, answer: () => T): Promise<T> {
    return this.#network.call<T>(this.#process, what, (reply) => {
      if (!this.#store.down) reply({ value: structuredClone(answer()) });
    });
  }
}
