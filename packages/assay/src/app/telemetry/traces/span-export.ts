import { setTimeout as delay } from "node:timers/promises";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace";
import { assayVersion } from "../../assay-version.ts";
import { readableSpan, resourceOf } from "./readable-span.ts";
import type { SpanDraft } from "./span-draft.ts";

/** Spans that wait to be sent; what comes while so many wait is dropped. */
export const queuedSpansMax = 8_192;
const batchSpansMax = 512;
/** A full queue is 16 batches; over this bound the exporter drops a batch. */
const requestsMax = 64;
/** Of one batch, tries together. */
const exportMsMax = 2_000;

/** Where spans go. Adding takes no time and never throws; a collector that is lost costs the spans and nothing else. */
export interface SpanExport extends AsyncDisposable {
  add(spans: readonly SpanDraft[]): void;
  /** Sends what waits; gives up after `wallMsMax`, without a word. */
  flush(wallMsMax: number): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * OTLP over HTTP, JSON, to the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` (or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`) names, with
 * `OTEL_EXPORTER_OTLP_HEADERS` and the certificates of those variables; `undefined` where none is named, or
 * `OTEL_SDK_DISABLED` is `true`. Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function openSpanExport(env: Environment = process.env): SpanExport | undefined {
  const url = tracesUrl(env);
  if (url === undefined || env.OTEL_SDK_DISABLED === "true") return undefined;
  const processor = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({
      url,
      timeoutMillis: exportMsMax,
      concurrencyLimit: requestsMax,
    }),
    maxQueueSize: queuedSpansMax,
    maxExportBatchSize: batchSpansMax,
    scheduledDelayMillis: 1_000,
    exportTimeoutMillis: exportMsMax + 500,
  });
  const resource = resourceOf({
    "service.name": env.OTEL_SERVICE_NAME || "assay",
    "service.version": assayVersion(),
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "nodejs",
  });
  return {
    add(spans) {
      for (const span of spans) processor.onEnd(readableSpan(span, resource));
    },
    flush: (wallMsMax) => within(processor.forceFlush(), wallMsMax),
    [Symbol.asyncDispose]: () => within(processor.shutdown(), exportMsMax),
  };
}

function tracesUrl(env: Environment): string | undefined {
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return validUrl(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT) return undefined;
  return validUrl(`${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, "")}/v1/traces`);
}

/** A run must not fail over where its spans were to go. */
function validUrl(url: string): string | undefined {
  return URL.canParse(url) && /^https?:/.test(url) ? url : undefined;
}

/** The collector's failure is no failure of ours: it is told by the spans that are missing there. */
async function within(work: Promise<void>, wallMsMax: number): Promise<void> {
  const done = new AbortController();
  await Promise.race([
    work.catch(() => undefined),
    delay(wallMsMax, undefined, { ref: false, signal: done.signal }).catch(() => undefined),
  ]);
  done.abort();
}
