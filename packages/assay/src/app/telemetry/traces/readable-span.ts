import { type HrTime, SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { SpanAttributes, SpanDraft, SpanPlace } from "./span-draft.ts";

/** Of names and of each value: what workflows and workers call things is theirs to choose. */
const charactersMax = 200;

const kinds: Record<SpanDraft["kind"], SpanKind> = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** What an exporter takes. Made by hand and not by a tracer, which would draw ids of its own and can only tell of what happens now. */
export function readableSpan(draft: SpanDraft, resource: ReadableSpan["resource"]): ReadableSpan {
  const { traceId, parentSpanId } = draft;
  return {
    name: draft.name.slice(0, charactersMax),
    kind: kinds[draft.kind],
    spanContext: () => contextOf(draft),
    ...(parentSpanId === undefined ? {} : { parentSpanContext: contextOf({ traceId, spanId: parentSpanId }) }),
    startTime: hrTime(draft.startMs),
    endTime: hrTime(draft.endMs),
    duration: hrTime(Math.max(0, draft.endMs - draft.startMs)),
    status: { code: draft.status === "error" ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes: bounded(draft.attributes),
    events: draft.events.map(({ name, atMs, attributes }) => ({
      name,
      time: hrTime(atMs),
      attributes: bounded(attributes),
    })),
    links: draft.links.map(({ attributes, ...place }) => ({
      context: contextOf(place),
      attributes: bounded(attributes),
    })),
    ended: true,
    resource,
    instrumentationScope: { name: "assay" },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** What all spans of a process say of it. */
export function resourceOf(attributes: Readonly<Record<string, string>>): ReadableSpan["resource"] {
  const resource: ReadableSpan["resource"] = {
    attributes,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  };
  return resource;
}

function contextOf({ traceId, spanId }: SpanPlace) {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
}

/** Seconds and nanoseconds. */
function hrTime(ms: number): HrTime {
  const wholeSeconds = Math.floor(ms / 1000);
  return [wholeSeconds, Math.min(999_999_999, Math.round((ms - wholeSeconds * 1000) * 1e6))];
}

function bounded(attributes: SpanAttributes): Record<string, string | number | boolean | string[]> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      if (typeof value === "string") return [name, value.slice(0, charactersMax)];
      if (typeof value === "object") return [name, value.map((text) => text.slice(0, charactersMax))];
      return [name, value];
    }),
  );
}
