import { expect, test } from "vitest";
import { runId } from "#domain";
import { MemoryJournal } from "#store";
import { otlpReceiver } from "../../../test/support/otlp-receiver.ts";
import { acceptedRun } from "../../../test/support/sample-runs.ts";
import { openLog } from "./logs/open-log.ts";
import { Metrics } from "./metrics/metrics.ts";
import { Telemetry } from "./telemetry.ts";
import { runSpans } from "./traces/run-trace.ts";
import { openSpanExport } from "./traces/span-export.ts";

const bodies = acceptedRun().events.map(({ seq: _seq, at: _at, runId: _run, ...body }) => body);

async function append(journal: MemoryJournal, name: string): Promise<void> {
  const run = runId(name);
  for (const [index, body] of bodies.entries()) {
    await journal.append({ run, expectedSeq: index, idempotencyKey: `e${index}`, events: [body] });
  }
}

test("metrics, logs and spans of a daemon come from its journal alone", async () => {
  await using collector = await otlpReceiver();
  const spans = openSpanExport({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  if (spans === undefined) throw new Error("a collector is named");
  const lines: string[] = [];
  const log = openLog("info", { write: (line: string) => void lines.push(line) });
  const metrics = new Metrics();
  const journal = new MemoryJournal();
  await append(journal, "heal-00000before");
  {
    await using telemetry = new Telemetry({ log, metrics, spans });
    await using _following = await telemetry.follow(journal, "default");
    await append(journal, "heal-01kbm2x9c4");
  }
  const text = await metrics.text();
  expect(text).toContain('assay_runs_total{workflow="heal",outcome="accepted"} 1');
  expect(text).toContain(`world_model_sync_latency_count ${bodies.length}`);
  expect(lines.filter((line) => line.includes("run ended"))).toHaveLength(1);
  const expected = runSpans(await journal.read(runId("heal-01kbm2x9c4")));
  expect(collector.spans.map(({ spanId }) => spanId).toSorted()).toEqual(
    expected.map(({ spanId }) => spanId).toSorted(),
  );
});

test("a journal that cannot be read for a while is followed on afterwards, and nothing is told twice", async () => {
  const lines: string[] = [];
  const metrics = new Metrics();
  const journal = new MemoryJournal();
  let broken = true;
  const shaky = new Proxy(journal, {
    get(target, name) {
      if (name === "tail" && broken) return () => Promise.reject(new Error("disk gone"));
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  {
    await using telemetry = new Telemetry({
      log: openLog("warn", { write: (line: string) => void lines.push(line) }),
      metrics,
    });
    await using _following = await telemetry.follow(shaky, "default");
    await append(journal, "heal-01kbm2x9c4");
    broken = false;
    await append(journal, "heal-01kbm2x9c5");
  }
  expect(lines.some((line) => line.includes("disk gone"))).toBe(true);
  expect(await metrics.text()).toContain('assay_runs_total{workflow="heal",outcome="accepted"} 2');
});

test("an event that cannot be told keeps nothing else from being told", async () => {
  const lines: string[] = [];
  const metrics = new Metrics();
  const journal = new MemoryJournal();
  const add = metrics.addEvent.bind(metrics);
  metrics.addEvent = (event) => {
    if (event.type === "project-detected") throw new Error("no such label");
    add(event);
  };
  {
    await using telemetry = new Telemetry({
      log: openLog("warn", { write: (line: string) => void lines.push(line) }),
      metrics,
    });
    await using _following = await telemetry.follow(journal, "default");
    await append(journal, "heal-01kbm2x9c4");
  }
  expect(lines.filter((line) => line.includes("no such label"))).toHaveLength(1);
  expect(await metrics.text()).toContain('assay_runs_total{workflow="heal",outcome="accepted"} 1');
});
