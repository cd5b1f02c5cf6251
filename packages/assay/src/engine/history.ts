import type { Digest, RunEvent, RunEventBody } from "@assay/sdk";
import { canonicalJson, digestOf } from "#ports";

export type RecordedStep = { inputDigest: Digest; result: unknown };

/** What a run's journal says, in the form that replay asks for it. */
export class History {
  readonly steps = new Map<string, RecordedStep>();
  readonly signals = new Map<string, unknown>();
  readonly settled = new Map<string, Extract<RunEventBody, { type: "budget-settled" }>>();
  /** By digest of the event without its place and time: how often it was journaled. */
  readonly #emitted = new Map<Digest, number>();
  readonly #visited = new Set<string>();

  constructor(events: readonly RunEvent[]) {
    for (const event of events) this.add(event);
  }

  add(event: RunEvent): void {
    switch (event.type) {
      case "step-finished":
        this.steps.set(event.key, { inputDigest: event.inputDigest, result: event.result });
        return;
      case "signal-received":
        if (!this.signals.has(event.name)) this.signals.set(event.name, event.value);
        return;
      case "budget-settled":
        this.settled.set(event.scope, event);
        return;
      default: {
        const digest = bodyDigest(event);
        this.#emitted.set(digest, this.emitted(digest) + 1);
      }
    }
  }

  emitted(digest: Digest): number {
    return this.#emitted.get(digest) ?? 0;
  }

  visit(key: string): RecordedStep | undefined {
    const step = this.steps.get(key);
    if (step !== undefined) this.#visited.add(key);
    return step;
  }

  /** Some recorded step has not been asked for yet: the code is still on its way to where it stopped. */
  get replaying(): boolean {
    return this.#visited.size < this.steps.size;
  }
}

/** Identity of an event apart from its place and time. */
export function bodyDigest(event: RunEventBody | RunEvent): Digest {
  return digestOf(canonicalJson({ ...event, seq: undefined, runId: undefined, at: undefined }));
}
