import { randomBytes } from "node:crypto";
import type { SpanDraft } from "./span-draft.ts";
import { traceContextOf } from "./trace-ids.ts";

export type WorkDone = { task: string; kind: string; startMs: number; endMs: number; failed: boolean };

/** What a worker did for a claim, below the place in the run's trace that the claim came with; `undefined` where it came with none. */
export function workSpan(traceparent: string, { task, kind, startMs, endMs, failed }: WorkDone): SpanDraft | undefined {
  const outer = traceContextOf(traceparent);
  if (outer === undefined) return undefined;
  const [, traceId = "", parentSpanId = ""] = outer.traceparent.split("-");
  return {
    traceId,
    spanId: randomBytes(8).toString("hex"),
    parentSpanId,
    name: `work ${kind}`,
    kind: "consumer",
    startMs,
    endMs,
    status: failed ? "error" : "unset",
    attributes: { "assay.task": task, "assay.task.kind": kind },
    events: [],
    links: [],
  };
}
