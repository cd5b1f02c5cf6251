import type { RunEvent, RunEventBody } from "@assay/sdk";
import fc from "fast-check";
import { expect, test } from "vitest";
import { runId } from "#domain";
import { digestOf } from "#ports";
import { MemoryJournal } from "#store";
import { acceptedRun } from "../../../../test/support/sample-runs.ts";
import { stepKind } from "./count-event.ts";
import { Metrics } from "./metrics.ts";
import { timedJournal } from "./timed-journal.ts";

const { events } = acceptedRun();

function journal(run: string, bodies: readonly RunEventBody[]): RunEvent[] {
  return bodies.map((body, index) => ({ seq: index + 1, runId: run, at: 1_000 + index * 500, ...body }));
}

/** Samples by name and labels, as Prometheus reads them. */
function samples(text: string): Map<string, number> {
  return new Map(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

async function after(all: readonly RunEvent[]): Promise<Map<string, number>> {
  const metrics = new Metrics();
  for (const event of all) metrics.addEvent(event);
  return samples(await metrics.text());
}

test("a run's events are counted", async () => {
  const seen = await after(events);
  expect(seen.get('assay_runs_total{workflow="heal",outcome="accepted"}')).toBe(1);
  expect(seen.get('assay_verdicts_total{kind="accepted",level="in-process"}')).toBe(1);
  expect(seen.get('assay_step_duration_seconds_count{step="baseline"}')).toBe(1);
  expect(seen.get('assay_candidates_tried_total{proposer="search"}')).toBe(214);
  expect(seen.get('cost_per_task_count{workflow="heal"}')).toBe(1);
});

test("money, tokens and tasks are counted as the journal tells them", async () => {
  const offer = { leaseMs: 1_000, triesMax: 3, capabilities: [], input: digestOf("c"), role: "tester" as const };
  const goal = { kind: "heal" as const, root: "/p", tests: [], apply: false };
  const seen = await after(
    journal("plan-01kbm2x9c4", [
      { type: "run-started", workflow: "plan", workflowVersion: 1, assayVersion: "0.1.0", goal },
      {
        type: "model-asked",
        proposer: "model",
        model: "openai/gpt-7",
        prompt: "p@1",
        promptDigest: digestOf("b"),
        end: "complete",
        inputTokens: 900,
        outputTokens: 40,
        cachedInputTokens: 0,
        costMicroUsd: 250_000,
        estimated: false,
        wallMs: 80,
        outcome: "answered",
      },
      { type: "task-queued", task: "t", kind: "check", ...offer },
      { type: "task-claimed", task: "t", worker: "w1", attempt: 1 },
      { type: "task-released", task: "t", token: 4, reason: "expired", detail: "" },
      { type: "task-claimed", task: "t", worker: "w2", attempt: 2 },
      { type: "task-finished", task: "t", outcome: "done", token: 6, worker: "w2", detail: "", durationMs: 1 },
      { type: "result", outcome: "done", exitCode: 0, summary: "" },
    ]),
  );
  expect(seen.get('assay_model_tokens_total{model="openai/gpt-7",direction="input"}')).toBe(900);
  expect(seen.get('assay_model_cost_usd_total{model="openai/gpt-7"}')).toBe(0.25);
  expect(seen.get('cost_per_task_sum{workflow="plan"}')).toBe(0.25);
  expect(seen.get('agent_tasks_total{kind="check"}')).toBe(2);
  expect(seen.get('agent_errors_total{kind="check",reason="expired"}')).toBe(1);
  expect(seen.get('agent_task_duration_seconds_sum{kind="check",outcome="done"}')).toBe(2);
  expect(seen.get("tasks_completed")).toBe(1);
  expect(seen.get('assay_run_duration_seconds_sum{workflow="plan"}')).toBe(3.5);
});

test("however many names others choose, there are no more than so many time series", async () => {
  const many = Array.from({ length: 2_000 }, (_, index): RunEvent => {
    const word = index.toString(26).replaceAll(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "");
    const body: RunEventBody = {
      type: "step-finished",
      key: `step-${word}`,
      inputDigest: digestOf("a"),
      durationMs: 1,
    };
    return { seq: index + 2, at: 1, runId: "heal-01kbm2x9c4", ...body };
  });
  const metrics = new Metrics();
  for (const event of many) metrics.addEvent(event);
  for (let index = 0; index < 2_000; index++) {
    metrics.addRequest({ route: `/v1/${index}`, method: `M${index}`, status: 404, durationMs: 1 });
  }
  const seen = samples(await metrics.text());
  const names = [...seen.keys()];
  expect(names.filter((name) => name.startsWith("assay_step_duration_seconds_count"))).toHaveLength(151);
  expect(seen.get('assay_step_duration_seconds_count{step="other"}')).toBe(2_000 - 150);
  expect(names.filter((name) => name.startsWith("assay_http_requests_total"))).toHaveLength(201);
});

test("a step's kind has nothing in it that is numbered", () => {
  expect(stepKind("check-c2")).toBe("check");
  expect(stepKind("baseline-repeat")).toBe("baseline-repeat");
  expect(stepKind("left/search")).toBe("left");
  expect(stepKind("17")).toBe("numbered");
  fc.assert(fc.property(fc.string(), (key) => !/\d/.test(stepKind(key))));
});

test("what is now is asked for at each scrape", async () => {
  let queued = 3;
  const metrics = new Metrics({
    standing: () => ({
      runs: { running: 1, queued: 0 },
      workers: { here: 2, away: 1 },
      tasks: { queued, claimed: 4 },
      circuits: { closed: 5, halfOpen: 0, open: 1 },
      emergencyStop: true,
      problems: ["a"],
      eventClients: 7,
    }),
  });
  expect(samples(await metrics.text()).get("task_queue_depth")).toBe(3);
  queued = 9;
  const seen = samples(await metrics.text());
  expect(seen.get("task_queue_depth")).toBe(9);
  expect(seen.get('assay_circuits{state="open"}')).toBe(1);
  expect(seen.get("assay_emergency_stop")).toBe(1);
  expect(seen.get("assay_sse_clients")).toBe(7);
});

test("appends are timed, and the journal is as it was", async () => {
  const metrics = new Metrics();
  await using timed = timedJournal(new MemoryJournal(), (durationMs) => metrics.addAppend(durationMs));
  const run = runId("heal-01kbm2x9c4");
  const [first] = events;
  if (first === undefined) throw new Error("the sample begins");
  await timed.append({ run, expectedSeq: 0, idempotencyKey: "a", events: [first] });
  expect(await timed.head()).toBe(1);
  expect(await timed.read(run)).toHaveLength(1);
  expect(samples(await metrics.text()).get("assay_journal_append_seconds_count")).toBe(1);
});
