import type { Digest, RunEvent, RunEventBody } from "@assay/sdk";
import { canonicalJson, digestOf } from "#ports";
import { isTaskEvent, type TaskEvent } from "./queue/task-pen.ts";

export type RecordedStep = { inputDigest: Digest; result: unknown };

/** What a run's journal says, in the form that replay asks for it. */
export class History {
  readonly steps = new Map<string, RecordedStep>();
  readonly signals = new Map<string, { value: unknown; at: number }>();
  readonly settled = new Map<string, Extract<RunEventBody, { type: "budget-settled" }>>();
  /** What happened to each task that was offered to workers, oldest first. */
  readonly tasks = new Map<string, TaskEvent[]>();
  /** By key: the run that does this part, as it was given its limits last. */
  readonly children = new Map<string, { child: string; budget: Readonly<Record<string, number>> }>();
  /** By key of a step: what it is given instead of what the workflow makes for it. */
  readonly edits = new Map<string, unknown>();
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
        if (!this.signals.has(event.name)) this.signals.set(event.name, { value: event.value, at: event.at });
        return;
      case "budget-settled":
        this.settled.set(event.scope, event);
        return;
      case "child-started":
        this.children.set(event.key, { child: event.child, budget: event.budget });
        return;
      case "run-forked":
        if (event.input !== undefined) this.edits.set(event.step, event.input);
        return;
      default: {
        if (isTaskEvent(event)) this.#addTask(event);
        const digest = bodyDigest(event);
        this.#emitted.set(digest, this.emitted(digest) + 1);
      }
    }
  }

  #addTask(event: TaskEvent): void {
    const events = this.tasks.get(event.task);
    if (events === undefined) this.tasks.set(event.task, [event]);
    else events.push(event);
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
