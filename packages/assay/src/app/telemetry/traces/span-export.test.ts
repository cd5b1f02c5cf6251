import { createServer } from "node:net";
import type { RunEvent } from "@assay/sdk";
import { expect, test } from "vitest";
import { runId } from "#domain";
import { digestOf } from "#ports";
import { MemoryJournal } from "#store";
import { otlpReceiver } from "../../../../test/support/otlp-receiver.ts";
import { acceptedRun } from "../../../../test/support/sample-runs.ts";
import { LiveTraces } from "./live-traces.ts";
import { runSpans } from "./run-trace.ts";
import { sendRun } from "./send-run.ts";
import { openSpanExport } from "./span-export.ts";

const { events } = acceptedRun();

test("a run that was executed is told to the collector as one tree", async () => {
  await using collector = await otlpReceiver();
  await sendRun(events, { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` });
  expect(collector.paths).toEqual(["/v1/traces"]);
  const drafts = runSpans(events);
  expect(collector.spans).toHaveLength(drafts.length);
  const byId = new Map(collector.spans.map((span) => [span.spanId, span]));
  const [root, ...others] = collector.spans.filter(({ parentSpanId }) => !parentSpanId);
  expect(others).toEqual([]);
  for (const draft of drafts) {
    const span = byId.get(draft.spanId);
    expect(span).toMatchObject({ traceId: draft.traceId, name: draft.name, resource: { "service.name": "assay" } });
    expect(Number(span?.endTimeUnixNano) / 1e6).toBeCloseTo(draft.endMs, 0);
    if (draft.parentSpanId !== undefined) expect(byId.has(draft.parentSpanId)).toBe(true);
  }
  expect(root?.events.map(({ name }) => name)).toContain("verdict-reached");
  expect(collector.bodies.join("")).not.toContain("range(max");
});

test("what was told by an earlier execution is not told again", async () => {
  await using collector = await otlpReceiver();
  const last = events.at(-1);
  const between = events.length - 3;
  const resumed = [
    ...events.slice(0, between),
    { seq: between + 1, at: last?.at ?? 0, runId: last?.runId ?? "", type: "lease-claimed" as const, owner: "host-2" },
    ...events.slice(between).map((event) => ({ ...event, seq: event.seq + 1 })),
  ];
  await sendRun(resumed, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  expect(collector.spans.map(({ name }) => name)).toEqual(
    runSpans(events.slice(between)).map(({ name }) => name.replace("unknown", "heal")),
  );
});

test("a run of more spans than may wait at once is told whole", async () => {
  await using collector = await otlpReceiver();
  const [start, claim] = events;
  const last = events.at(-1);
  if (start === undefined || claim === undefined || last === undefined) throw new Error("the sample begins and ends");
  const steps = Array.from({ length: 9_000 }, (_, index): RunEvent => {
    const step = { type: "step-finished" as const, key: `s-${index}`, inputDigest: digestOf("x"), durationMs: 1 };
    return { ...step, seq: index + 3, at: start.at + index, runId: "heal-01kbm2x9c4" };
  });
  await sendRun([start, claim, ...steps, { ...last, seq: 9_003 }], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  // On a slow machine what is under way when the command gives up waiting still arrives.
  await expect.poll(() => collector.spans.length, { timeout: 60_000 }).toBe(9_001);
  expect(collector.spans.filter(({ name }) => name === "run heal")).toHaveLength(1);
});

test("a run in progress is told as it goes on, also by who joins in the middle", async () => {
  await using collector = await otlpReceiver();
  const journal = new MemoryJournal();
  const run = runId("heal-01kbm2x9c4");
  const bodies = events.map(({ seq: _seq, at: _at, runId: _run, ...body }) => body);
  await journal.append({ run, expectedSeq: 0, idempotencyKey: "all", events: bodies });
  const entries = await journal.tail(0, 1_000);
  const spans = openSpanExport({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  if (spans === undefined) throw new Error("a collector is named");
  const traces = new LiveTraces(journal, spans);
  const joinedAt = 6;
  for (const entry of entries.slice(joinedAt)) await traces.add(entry);
  await spans.flush(10_000);
  const whole = runSpans(await journal.read(run));
  const root = collector.spans.find(({ name }) => name === "run heal");
  expect(root?.attributes).toMatchObject({ "assay.workflow": "heal", "assay.outcome": "accepted" });
  expect(root?.events).toHaveLength(whole.at(-1)?.events.length ?? -1);
  expect(collector.spans.length).toBeLessThan(whole.length);
  await spans[Symbol.asyncDispose]();
});

test("a collector that is gone, hangs or is no address costs spans and nothing else", async () => {
  const port = await freePort();
  await using hanging = await otlpReceiver({ hold: true });
  for (const url of [`http://127.0.0.1:${port}`, hanging.url]) {
    await expect(sendRun(events, { OTEL_EXPORTER_OTLP_ENDPOINT: url })).resolves.toBeUndefined();
  }
  expect(openSpanExport({ OTEL_EXPORTER_OTLP_ENDPOINT: "collector" })).toBeUndefined();
  expect(openSpanExport({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://x", OTEL_SDK_DISABLED: "true" })).toBeUndefined();
  expect(openSpanExport({})).toBeUndefined();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 1;
}
