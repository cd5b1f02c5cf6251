import type { Violation } from "@assay/sdk";
import type { RunId } from "#domain";
import type { Journal } from "#ports";
import { appendAnywhere } from "./append-anywhere.ts";
import { refuseIfFinished } from "./recorded-end.ts";

/** What others than its executor write into a run's journal, wherever it stands. */
export class Remarks {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Sends a person's answer. The first one under a name counts; sending again changes nothing. */
  signal(run: RunId, name: string, value: unknown): Promise<"received" | "duplicate"> {
    return appendAnywhere(this.#journal, run, (state) => {
      refuseIfFinished(run, state);
      return { events: [{ type: "signal-received", name, value }], idempotencyKey: `signal:${name}` };
    });
  }

  /** Adds what became of a finished run afterwards, once for each key. */
  async remark(run: RunId, key: string, message: string): Promise<void> {
    await appendAnywhere(this.#journal, run, () => ({
      events: [{ type: "note", level: "info", message }],
      idempotencyKey: `remark:${key}`,
    }));
  }

  /** Adds what somebody who works for the run saw to be other than expected, once for each id. */
  async noteViolation(run: RunId, violation: Violation): Promise<void> {
    await appendAnywhere(this.#journal, run, (state) => {
      refuseIfFinished(run, state);
      return {
        events: [{ type: "violation-found", ...violation }],
        idempotencyKey: `violation:${violation.id}`,
      };
    });
  }

  /** Closes a breaker of the run by hand, e.g. after the machine was repaired. */
  async resetBreaker(run: RunId, breaker: string): Promise<void> {
    await appendAnywhere(this.#journal, run, (state) => {
      refuseIfFinished(run, state);
      return {
        events: [{ type: "breaker-changed", breaker, from: "open", to: "closed", reason: "reset by hand" }],
        idempotencyKey: `reset:${breaker}:${state.lastSeq}`,
      };
    });
  }
}
