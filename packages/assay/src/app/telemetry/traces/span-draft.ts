export type AttributeValue = string | number | boolean | readonly string[];
export type SpanAttributes = Readonly<Record<string, AttributeValue>>;

export type SpanPlace = { traceId: string; spanId: string };

/** A finished span, as OpenTelemetry has them, before any library is asked. Times are milliseconds since the Unix epoch. */
export type SpanDraft = SpanPlace & {
  parentSpanId?: string;
  name: string;
  kind: "internal" | "client" | "producer" | "consumer";
  startMs: number;
  endMs: number;
  status: "unset" | "error";
  attributes: SpanAttributes;
  events: readonly { name: string; atMs: number; attributes: SpanAttributes }[];
  links: readonly (SpanPlace & { attributes: SpanAttributes })[];
};
