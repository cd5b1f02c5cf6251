import type { RunEvent } from "@assay/sdk";
import type { SpanDraft, SpanPlace } from "./span-draft.ts";
import { attemptPart, spanIdOf } from "./trace-ids.ts";

type Claim = { task: string; worker: string; attempt: number; claimedMs: number };
type Queued = { atMs: number; kind: string; role: string };

/**
 * Spans of what is handed to workers: one for a task from its offer to its end, below it one for each claim. A worker's own spans
 * stand below its claim's, whose place it is told by `traceparentOf`.
 */
export class ClaimTrace {
  readonly #run: string;
  readonly #root: () => SpanPlace;
  readonly #queued = new Map<string, Queued>();
  /** By token: the `seq` of the claim. */
  readonly #claims = new Map<number, Claim>();

  constructor(run: string, root: () => SpanPlace) {
    this.#run = run;
    this.#root = root;
  }

  add(event: RunEvent): SpanDraft[] {
    switch (event.type) {
      case "task-queued":
        this.#queued.set(event.task, { atMs: event.at, kind: event.kind, role: event.role });
        return [];
      case "task-claimed": {
        const { task, worker, attempt } = event;
        this.#claims.set(event.seq, { task, worker, attempt, claimedMs: event.at });
        return [];
      }
      case "task-released":
        return this.#claimSpan(event.token, event.at, event.reason, true);
      case "task-finished":
        return [
          ...this.#claimSpan(event.token, event.at, event.outcome, event.outcome === "failed"),
          ...this.#taskSpan(event),
        ];
      default:
        return [];
    }
  }

  #claimSpan(token: number | undefined, endMs: number, end: string, failed: boolean): SpanDraft[] {
    const claim = token === undefined ? undefined : this.#claims.get(token);
    if (token === undefined || claim === undefined) return [];
    this.#claims.delete(token);
    const { task, worker, attempt, claimedMs } = claim;
    return [
      {
        traceId: this.#root().traceId,
        spanId: spanIdOf(this.#run, attemptPart(task, attempt)),
        parentSpanId: spanIdOf(this.#run, `task:${task}`),
        name: `attempt ${attempt}`,
        kind: "consumer",
        startMs: claimedMs,
        endMs,
        status: failed ? "error" : "unset",
        attributes: {
          "assay.run": this.#run,
          "assay.task": task,
          "assay.attempt": attempt,
          "assay.worker": worker,
          "assay.token": token,
          "assay.end": end,
        },
        events: [],
        links: [],
      },
    ];
  }

  #taskSpan(event: Extract<RunEvent, { type: "task-finished" }>): SpanDraft[] {
    const queued = this.#queued.get(event.task);
    // Done by this process itself, or skipped: a run of its own or nothing stands for it.
    if (queued === undefined) return [];
    this.#queued.delete(event.task);
    const { traceId, spanId } = this.#root();
    return [
      {
        traceId,
        spanId: spanIdOf(this.#run, `task:${event.task}`),
        parentSpanId: spanId,
        name: `task ${queued.kind}`,
        kind: "producer",
        startMs: queued.atMs,
        endMs: event.at,
        status: event.outcome === "failed" ? "error" : "unset",
        attributes: {
          "assay.run": this.#run,
          "assay.task": event.task,
          "assay.task.kind": queued.kind,
          "assay.task.role": queued.role,
          "assay.end": event.outcome,
        },
        events: [],
        links: [],
      },
    ];
  }
}
