import type { RunEvent, RunEventBody } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf } from "#ports";
import { acceptedRun } from "../../../../test/support/sample-runs.ts";
import { RunTrace, runSpans } from "./run-trace.ts";
import { spanIdOf, traceContextOf, traceIdOf, traceparentOf } from "./trace-ids.ts";

const run = "plan-01kbm2x9c4";
const start: RunEventBody = {
  type: "run-started",
  workflow: "plan",
  workflowVersion: 1,
  assayVersion: "0.1.0",
  goal: { kind: "heal", root: "/home/ada/secret-project", tests: [], apply: false },
};

function journal(bodies: readonly RunEventBody[]): RunEvent[] {
  return bodies.map((body, index) => ({ seq: index + 1, runId: run, at: 1_000 + index * 100, ...body }));
}
const step = (key: string, durationMs: number): RunEventBody => ({
  type: "step-finished",
  key,
  inputDigest: digestOf("a"),
  durationMs,
});
const call: RunEventBody = {
  type: "model-asked",
  proposer: "model",
  model: "google/gemini-3-pro",
  prompt: "heal-assertion@1",
  promptDigest: digestOf("b"),
  end: "complete",
  inputTokens: 900,
  outputTokens: 40,
  cachedInputTokens: 100,
  costMicroUsd: 12,
  estimated: false,
  wallMs: 80,
  outcome: "edit: SECRET-TEXT",
};

describe("the spans of a run", () => {
  test("are one tree below the run, each over the time that the journal says", () => {
    const { events } = acceptedRun();
    const spans = runSpans(events);
    const root = spans.at(-1);
    expect(root?.name).toBe("run heal");
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([traceIdOf("heal-01kbm2x9c4")]));
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(ids.size).toBe(spans.length);
    for (const span of spans.slice(0, -1)) expect(ids).toContain(span.parentSpanId);
    const steps = events.filter((event) => event.type === "step-finished");
    for (const event of steps) {
      const span = spans.find(({ attributes }) => attributes["assay.seq"] === event.seq);
      expect(span).toMatchObject({ startMs: event.at - event.durationMs, endMs: event.at });
    }
    expect(spans.filter(({ name }) => name.startsWith("execution "))).toHaveLength(
      events.filter(({ type }) => type === "evidence-recorded").length,
    );
    expect(root?.events.filter(({ name }) => name === "verdict-reached")).toHaveLength(
      events.filter(({ type }) => type === "verdict-reached").length,
    );
  });

  test("are the same whether they are made at once or as the run goes on", () => {
    const { events } = acceptedRun();
    const whole = runSpans(events);
    fc.assert(
      fc.property(fc.nat(events.length), (cut) => {
        const trace = new RunTrace("heal-01kbm2x9c4");
        const parts = [...events.slice(0, cut), ...events.slice(cut)].flatMap((event) => trace.add(event));
        expect(parts).toEqual(whole);
        // What has ended by then does not change any more.
        expect(runSpans(events.slice(0, cut))).toEqual(whole.slice(0, runSpans(events.slice(0, cut)).length));
      }),
    );
  });

  test("put a model's call below the step that it fits into, by the names of the conventions", () => {
    const spans = runSpans(journal([start, step("propose/1", 90), call, { ...call, wallMs: 5_000 }]));
    const [propose, fits, longer] = spans;
    expect(fits).toMatchObject({ parentSpanId: propose?.spanId, name: "chat gemini-3-pro", kind: "client" });
    expect(longer?.parentSpanId).toBe(spanIdOf(run, "run"));
    expect(fits?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "gcp.gemini",
      "gen_ai.request.model": "gemini-3-pro",
      "gen_ai.usage.input_tokens": 900,
      "gen_ai.usage.output_tokens": 40,
    });
  });

  test("tell each claim of a task by the context that its worker is given", () => {
    const offer = { leaseMs: 1_000, triesMax: 3, capabilities: [], input: digestOf("c") };
    const spans = runSpans(
      journal([
        start,
        { type: "task-queued", task: "t", kind: "check", role: "tester", ...offer },
        { type: "task-claimed", task: "t", worker: "w1", attempt: 1 },
        { type: "task-released", task: "t", token: 3, reason: "expired", detail: "SECRET-TEXT" },
        { type: "task-claimed", task: "t", worker: "w2", attempt: 2 },
        { type: "task-finished", task: "t", outcome: "done", token: 5, worker: "w2", detail: "SECRET", durationMs: 1 },
      ]),
    );
    const [first, second, task] = spans;
    expect(spans).toHaveLength(3);
    expect(first).toMatchObject({ status: "error", parentSpanId: task?.spanId, startMs: 1_200, endMs: 1_300 });
    expect(traceparentOf(run, "t", 2)).toBe(`00-${second?.traceId}-${second?.spanId}-01`);
    expect(task).toMatchObject({
      name: "task check",
      parentSpanId: spanIdOf(run, "run"),
      startMs: 1_100,
      endMs: 1_500,
    });
  });

  test("join the trace that the run was asked for in, and link to those of its children", () => {
    const trace = traceContextOf("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    if (trace === undefined) throw new Error("the context is valid");
    const spans = runSpans(
      journal([
        { ...start, trace },
        { type: "child-started", key: "part", child: "heal-01kbm2x9c5", budget: {} },
        step("part", 10),
        { type: "result", outcome: "done", exitCode: 0, summary: "SECRET-TEXT" },
      ]),
    );
    const [part, root] = spans;
    expect(root).toMatchObject({ traceId: "0af7651916cd43dd8448eb211c80319c", parentSpanId: "b7ad6b7169203331" });
    expect(part).toMatchObject({ traceId: root?.traceId, parentSpanId: root?.spanId });
    expect(root?.links).toMatchObject([
      { traceId: traceIdOf("heal-01kbm2x9c5"), spanId: spanIdOf("heal-01kbm2x9c5", "run") },
    ]);
    expect(traceparentOf(run, "t", 1, trace)).toContain(root?.traceId);
  });

  test("hold no text of the project, of models or of people", () => {
    const { events } = acceptedRun();
    const told = JSON.stringify([...runSpans(events), ...runSpans(journal([start, step("a", 1), call]))]);
    expect(told).not.toContain("SECRET");
    expect(told).not.toContain("/home/ada");
    for (const event of events) {
      if (event.type === "candidate-proposed") {
        for (const line of event.diff.split("\n")) if (line.length > 10) expect(told).not.toContain(line.slice(1));
      }
      if (event.type === "result") expect(told).not.toContain(event.summary);
    }
  });
});

test("a context that is malformed, or of zeros, is none", () => {
  for (const text of [undefined, "", "00-xyz", `00-${"0".repeat(32)}-b7ad6b7169203331-01`, "01-0af7-b7-00"]) {
    expect(traceContextOf(text)).toBeUndefined();
  }
});
