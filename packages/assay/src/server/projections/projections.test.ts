import type { Goal, RunEvent, RunEventBody, RunView } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nothingSpent, runId } from "#domain";
import { digestOf } from "#ports";
import { budgetView } from "./budget-view.ts";
import { cursorOf, pageBy, readCursor } from "./cursor.ts";
import { goalViews } from "./goal-views.ts";
import { redacted } from "./redacted.ts";
import { runFacts } from "./run-facts.ts";
import { runView } from "./run-view.ts";
import { taskViews } from "./task-views.ts";

const run = runId("plan-00000001");
const goal: Goal = { kind: "heal", root: "/project", tests: [], apply: false };
const started: RunEventBody = {
  type: "run-started",
  workflow: "heal",
  workflowVersion: 1,
  assayVersion: "0",
  goal,
  budget: { wallMsMax: 60_000, candidatesMax: 10, attemptsMax: 3, tokensMax: 100 },
};
const sealed = (...bodies: RunEventBody[]): RunEvent[] =>
  bodies.map((body, index) => ({ seq: index + 1, at: 1_000 + index, runId: run, ...body }));

describe("tasks of a run", () => {
  const input = digestOf("input");
  const queued = (task: string): RunEventBody => ({
    type: "task-queued",
    task,
    kind: "check",
    role: "tester",
    capabilities: [],
    input,
    leaseMs: 1_000,
    triesMax: 3,
  });

  test("keep every attempt with how it ended", () => {
    const events = sealed(
      queued("t"),
      { type: "task-claimed", task: "t", worker: "w1", attempt: 1 },
      { type: "task-released", task: "t", token: 2, reason: "expired", detail: "no heartbeat" },
      { type: "task-claimed", task: "t", worker: "w2", attempt: 2 },
      { type: "task-finished", task: "t", outcome: "done", token: 4, worker: "w2", detail: "ok", durationMs: 5 },
    );
    expect(taskViews(run, events)).toMatchObject([
      {
        task: "t",
        status: "done",
        role: "tester",
        attempts: [
          { attempt: 1, worker: "w1", token: 2, ended: "expired", endedAt: 1_002 },
          { attempt: 2, worker: "w2", token: 4, ended: "done", endedAt: 1_004 },
        ],
      },
    ]);
    expect(taskViews(run, events.slice(0, 3))).toMatchObject([{ status: "queued" }]);
  });

  test("of a plan wait in its order, with what they depend on", () => {
    const work = { kind: "goal" as const, goal };
    const task = (key: string, dependsOn: string[]) => ({ key, title: key, dependsOn, phase: 0, resources: {}, work });
    const plan = {
      tasks: [task("b", []), task("a", ["b"])],
      resourceLimits: {},
      parallelMax: 1,
      onFailure: "stop" as const,
    };
    const made: RunEventBody = { type: "plan-made", revision: 1, reason: "first", plan };
    const views = taskViews(run, sealed(made, { type: "child-started", key: "b", child: "heal-00000009", budget: {} }));
    expect(views).toMatchObject([
      { task: "b", status: "claimed", child: "heal-00000009" },
      { task: "a", status: "waiting", dependsOn: ["b"] },
    ]);
  });
});

describe("what a run may use", () => {
  test("is what it was given last, less what it has spent, never less than nothing", () => {
    const view = budgetView(run, sealed(started), { ...nothingSpent, wallMs: 70_000, tokens: 30 });
    expect(view.total).toMatchObject({ wallMs: 60_000, tokens: 100 });
    expect(view.remaining).toMatchObject({ wallMs: 0, tokens: 70, attempts: 3 });
    expect(view.total).not.toHaveProperty("costMicroUsd");
  });
});

describe("how a run stands", () => {
  const summary = { run, events: 1, startedAt: 1, lastEventAt: 2 };
  const facts = runFacts(run, sealed(started));
  const known = { kind: "readable", facts, status: "queued" } as const;

  test("is what this process does for it, whatever its journal says yet", () => {
    expect(runView(summary, known, {})).toMatchObject({ status: "queued", workflow: "heal" });
    const drive = { state: "running", now: "baseline" } as const;
    const part = { ...facts.state, parent: { run: "plan-00000001", key: "prices" } };
    expect(runView(summary, { ...known, facts: { state: part } }, {})).toMatchObject({ partOf: "plan-00000001" });
    expect(runView(summary, { ...known, status: "paused" }, { drive })).toMatchObject({
      status: "running",
      now: "baseline",
    });
  });

  test("is paused when something kept it from beginning", () => {
    const fault = { code: "no-isolation", message: "nothing isolates here" } as const;
    expect(runView(summary, known, { fault })).toMatchObject({ status: "paused", summary: fault.message });
    expect(runView(summary, { kind: "unreadable", fault }, {})).toMatchObject({ status: "unreadable" });
  });

  test("can be told, and so be ended, where its goal has no canonical form", () => {
    const broken = runFacts(run, sealed({ ...started, goal: { ...goal, tests: ["\ud800"] } }));
    expect(broken).toMatchObject({ goalId: undefined, state: { status: "queued" } });
  });

  test("gathers the runs of one goal", () => {
    const view = (name: string): RunView => ({ ...runView(summary, known, {}), run: name });
    const of = (name: string) => ({ goalId: facts.goalId, goal, view: view(name) });
    expect(goalViews([of("b"), of("a")])).toMatchObject([{ id: facts.goalId, runs: [{ run: "b" }, { run: "a" }] }]);
    expect(goalViews([{ goalId: undefined, goal: undefined, view: view("x") }])).toEqual([]);
  });
});

describe("pages", () => {
  const pages = (items: readonly string[], limit: number, between: (items: readonly string[]) => readonly string[]) => {
    const seen: string[] = [];
    let list = items;
    for (let cursor: string | undefined; ; ) {
      const page = pageBy(list, (item) => item, { cursor, limit });
      seen.push(...page.items);
      if (page.next === undefined) return seen;
      cursor = page.next;
      list = between(list);
    }
  };

  test("together hold every item once and in order, while new ones are added in front", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.integer({ min: 1, max: 7 }), (items, limit) => {
        let added = 0;
        expect(pages(items, limit, (list) => [`\u0000new ${added++}`, ...list])).toEqual(items);
      }),
    );
  });

  test("refuse a cursor that they did not give", () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (text) => readCursor(cursorOf(text)) === text));
    expect(() => readCursor("not one!")).toThrow("cursor");
    expect(() => pageBy(["a"], (item) => item, { cursor: cursorOf("gone"), limit: 1 })).toThrow("gone");
  });
});

describe("a configuration that is shown", () => {
  test("has no secrets: none by its name, none in an environment, none in a URL", () => {
    const shown = redacted({
      models: {
        providers: [{ apiKey: "sk-1", keyEnv: ["OPENAI_API_KEY"], baseUrl: "https://me:pw@host/v1?key=sk-2" }],
        headers: { "x-team": "sk-3" },
      },
      agents: {
        claude: { command: "claude --token sk-7", env: { TOKEN: "sk-4", HOME: "sk-5" }, maxTokens: 5 },
        codex: { command: ["codex", "--api-key", "sk-8"], args: ["sk-9"] },
      },
      credentials: ["sk-6"],
      budget: { tokens: 7 },
    });
    expect(JSON.stringify(shown)).not.toMatch(/sk-|pw/);
    expect(shown).toMatchObject({
      models: { providers: [{ keyEnv: ["OPENAI_API_KEY"], baseUrl: "https://host/v1?redacted" }] },
      agents: {
        claude: { command: "claude redacted redacted", env: { TOKEN: "redacted" }, maxTokens: 5 },
        codex: { command: ["codex", "redacted", "redacted"], args: ["redacted"] },
      },
      budget: { tokens: 7 },
    });
  });
});
