import type { RunEvent, RunEventBody } from "@assay/sdk";
import { FaultError, fault, type RunId, raise } from "#domain";
import type { Journal, Owners } from "#ports";
import { Turns } from "./turns.ts";

export type RunWriterOptions = {
  journal: Journal;
  owners: Owners;
  run: RunId;
  /** The `seq` of the last event seen. */
  lastSeq: number;
  /** Every event that was appended since, by us or by others, once and in order. */
  onEvent: (event: RunEvent) => void;
};

/**
 * One executor's pen: appends to one run, one after the other, always at the place it knows to be the end.
 *
 * Where somebody else appended in between, what they wrote decides: a person's signal is taken in and the append made again; a claim
 * by another process, a cancellation or a result means that this executor lost its right to write, for good.
 */
export class RunWriter {
  readonly #options: RunWriterOptions;
  #lastSeq: number;
  readonly #turns = new Turns();
  #closed: FaultError | undefined;

  constructor(options: RunWriterOptions) {
    this.#options = options;
    this.#lastSeq = options.lastSeq;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Why nothing can be written any more. */
  get closed(): FaultError | undefined {
    return this.#closed;
  }

  /** From now on every append fails with this; the first cause wins. */
  close(cause: FaultError): void {
    this.#closed ??= cause;
  }

  /** Gives them back as they are in the journal. */
  append(events: readonly RunEventBody[], idempotencyKey: string): Promise<readonly RunEvent[]> {
    return this.#inTurn(async () => {
      try {
        return await this.#append(events, idempotencyKey);
      } catch (error) {
        // What the journal could not take once must not be followed by what comes after it.
        if (error instanceof FaultError) this.close(error);
        throw error;
      }
    });
  }

  /** Takes in what others appended meanwhile. */
  poll(): Promise<void> {
    return this.#inTurn(() => this.#absorb());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(() => {
      if (this.#closed !== undefined) throw this.#closed;
      return work();
    });
  }

  async #append(events: readonly RunEventBody[], idempotencyKey: string): Promise<readonly RunEvent[]> {
    const { journal, run } = this.#options;
    for (;;) {
      const result = await journal.append({ run, expectedSeq: this.#lastSeq, events, idempotencyKey });
      if (result.kind === "appended") {
        this.#take(result.events);
        return result.events;
      }
      const end = result.kind === "conflict" ? result.actualSeq : (result.events.at(-1)?.seq ?? 0);
      if (end < this.#lastSeq)
        raise("journal-conflict", `run ${run} lost events: it ends at ${end}`, "restore the journal");
      await this.#absorb();
      // A duplicate is in the journal: by an append of ours whose acknowledgement was lost, or it would have fenced us just now.
      if (result.kind === "duplicate") return result.events;
    }
  }

  async #absorb(): Promise<void> {
    const { journal, run } = this.#options;
    const events = await journal.read(run, this.#lastSeq);
    this.#take(events);
    const cause = events.map((event) => this.#lostTo(event)).find((lost) => lost !== undefined);
    if (cause === undefined) return;
    this.close(cause);
    throw cause;
  }

  #take(events: readonly RunEvent[]): void {
    for (const event of events) {
      this.#lastSeq = event.seq;
      this.#options.onEvent(event);
    }
  }

  #lostTo(event: RunEvent): FaultError | undefined {
    const { run, owners } = this.#options;
    switch (event.type) {
      case "lease-claimed":
        return new FaultError(
          fault(
            "run-locked",
            `run ${run} was taken over by ${owners.describe(event.owner)}`,
            `see it with: assay show ${run}`,
          ),
        );
      case "run-cancelled":
        return new FaultError(fault("cancelled", `run ${run} was cancelled by ${event.by}`));
      case "result":
        return new FaultError(fault("run-finished", `run ${run} was finished by another process`));
      default:
        return undefined;
    }
  }
}
