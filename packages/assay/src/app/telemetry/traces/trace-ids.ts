import { createHash } from "node:crypto";
import { type TraceContext, traceContextSchema } from "@assay/sdk";
import type { SpanPlace } from "./span-draft.ts";

/** 32 hexadecimal digits, the same for a run wherever and however often its journal is read. */
export function traceIdOf(run: string, outer?: TraceContext): string {
  return outer?.traceparent.slice(3, 35) ?? hash(`assay:trace:${run}`).slice(0, 32);
}

/** 16 hexadecimal digits; `part` is unique in its run, e.g. `step:baseline`. */
export function spanIdOf(run: string, part: string): string {
  return hash(`assay:span:${run}:${part}`).slice(0, 16);
}

/** Where the whole run's own span is. */
export function runPlace(run: string, outer?: TraceContext): SpanPlace {
  return { traceId: traceIdOf(run, outer), spanId: spanIdOf(run, "run") };
}

export function attemptPart(task: string, attempt: number): string {
  return `attempt:${attempt}:${task}`;
}

/**
 * What a worker puts above its own spans while it works on a claim; `outer` is the `trace` of the run's `run-started`, where it
 * has one. Source: https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function traceparentOf(run: string, task: string, attempt: number, outer?: TraceContext): string {
  return `00-${traceIdOf(run, outer)}-${spanIdOf(run, attemptPart(task, attempt))}-01`;
}

/** The context that whoever called gave, as in `TRACEPARENT` or a request's header; what is malformed is as good as absent. */
export function traceContextOf(traceparent: string | undefined): TraceContext | undefined {
  return traceContextSchema.safeParse({ traceparent }).data;
}

/** An id of zeros is invalid; that SHA-256 begins with 64 of them is no case to provide for. */
function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
