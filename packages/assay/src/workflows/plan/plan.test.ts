import { type Goal, goalSchema, type Plan, planSchema, type RunEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defaultHealBudget, type Replan, runId } from "#domain";
import type { EngineOptions, Run, RunEnd, Workflow } from "#engine";
import { digestOf } from "#ports";
import { MemoryBlobs, MemoryJournal } from "#store";
import { Crash, CrashingJournal, memoryEngine, Village } from "../../../test/support/engine-parts.ts";
import { planWorkflow } from "./plan.ts";
import type { Delegate, PlanTools } from "./tools.ts";

type Sketch = Partial<Plan["tasks"][number]> & { key: string };

const heal = (tests: string[] = []) => ({ kind: "heal", tests, apply: false });

function planOf(tasks: readonly Sketch[], rest: Partial<Omit<Plan, "tasks">> = {}): Plan {
  const work = (key: string) => ({ kind: "goal" as const, goal: heal([key]) });
  return planSchema.parse({
    tasks: tasks.map((task) => ({ title: task.key, work: work(task.key), ...task })),
    ...rest,
  });
}

const goalOf = (plan: Plan): Goal => ({ kind: "plan", root: "/project", title: "a plan", plan });

/** What the goal of a task does, told by the test that it names. */
type Deeds = Record<string, (run: Run) => Promise<"done" | "failed">>;

function place(deeds: Deeds, tools: Partial<PlanTools> = {}, options: Partial<EngineOptions> = {}) {
  const begun: string[] = [];
  const part: Workflow = {
    name: "heal",
    version: 1,
    run: async (run, goal) => {
      const [key = ""] = goal.kind === "heal" ? goal.tests : [];
      begun.push(key);
      const outcome = await (deeds[key] ?? (async () => "done" as const))(run);
      return outcome === "done"
        ? { type: "result", outcome: "accepted", exitCode: 0, summary: `${key} is healed` }
        : { type: "result", outcome: "rejected", exitCode: 1, summary: `${key} cannot be healed` };
    },
  };
  const flow = planWorkflow({ workflowOf: () => part, progress: () => undefined, ...tools }) as unknown as Workflow;
  const engine = memoryEngine({ workflows: [flow], ...options });
  return { engine, flow, begun, start: (plan: Plan): Promise<RunEnd> => engine.start(flow, goalOf(plan)) };
}

function endings(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.type === "task-finished" ? [`${event.task} ${event.outcome}`] : []));
}

const delegated = (key: string): Sketch => ({
  key,
  work: { kind: "delegate", task: "analyze", role: "analyzer", capabilities: [], input: { key } },
});

describe("a plan", () => {
  test("does its tasks in the order of what they depend on, each goal by a run of its own", async () => {
    const { engine, start, begun } = place({});
    const { run, result } = await start(
      planOf([{ key: "last", dependsOn: ["left", "right"] }, { key: "left" }, { key: "right", dependsOn: ["left"] }]),
    );
    expect(result).toMatchObject({ outcome: "done", exitCode: 0, summary: "All 3 tasks are done." });
    expect(begun).toEqual(["left", "right", "last"]);
    const { events, state } = await engine.read(run);
    expect(endings(events)).toEqual(["left done", "right done", "last done"]);
    expect(events.filter(({ type }) => type === "plan-made")).toMatchObject([{ revision: 1 }]);
    expect(state.children).toHaveLength(3);
    expect((await engine.read(runId(state.children[0] ?? ""))).state.goal).toMatchObject({ root: "/project" });
  });

  test("ends with 1 and the names where tasks failed, after doing what did not depend on them", async () => {
    const { engine, start, begun } = place({ bad: async () => "failed" });
    const { run, result } = await start(
      planOf([{ key: "bad" }, { key: "after", dependsOn: ["bad"] }, { key: "other" }]),
    );
    expect(result).toMatchObject({
      outcome: "failed",
      exitCode: 1,
      summary: "1 of 3 tasks failed: bad; 1 not begun: after.",
    });
    expect(begun.toSorted()).toEqual(["bad", "other"]);
    const { events } = await engine.read(run);
    expect(endings(events).toSorted()).toEqual(["after skipped", "bad failed", "other done"]);
    expect(events.find((event) => event.type === "task-finished" && event.task === "bad")).toMatchObject({
      detail: "bad cannot be healed",
    });
  });

  test("begins nothing more after a failure where it says so", async () => {
    const { start, begun } = place({ bad: async () => "failed" });
    const { result } = await start(planOf([{ key: "bad" }, { key: "other" }], { parallelMax: 1, onFailure: "stop" }));
    expect(result.summary).toBe("1 of 2 tasks failed: bad; 1 not begun: other.");
    expect(begun).toEqual(["bad"]);
  });

  test("shares what it may use among its goals, and gives each what its task says", async () => {
    const seen: Record<string, number> = {};
    const look = (key: string) => async (run: Run) => {
      seen[key] = run.budget.total.candidatesMax;
      return "done" as const;
    };
    const { start } = place({ a: look("a"), b: look("b"), c: look("c"), d: look("d") });
    const budget = { candidatesMax: 5_000, wallMsMax: 1 };
    const work = { kind: "goal" as const, goal: heal(["b"]), budget };
    await start(planOf([{ key: "a" }, { key: "b", work }, { key: "c" }, { key: "d" }]));
    const all = defaultHealBudget.candidatesMax;
    expect(seen).toEqual({ a: all / 4, b: 5_000, c: (all * 3) / 4 / 2 - 2_500, d: (all * 3) / 4 / 2 - 2_500 });
  });

  test("goes on beside a task that waits for a person, then waits with that one's reason, then finishes", async () => {
    const { engine, start, begun } = place({
      asks: async (run) => run.signal("approve", z.literal("yes")).then(() => "done"),
    });
    const plan = planOf([
      { key: "asks" },
      { key: "other" },
      { key: "more", dependsOn: ["other"] },
      { key: "after", dependsOn: ["asks"] },
    ]);
    const { run, result } = await start(plan);
    expect(result).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "waiting-for-signal" } });
    expect(begun).toEqual(["asks", "other", "more"]);
    const { children } = (await engine.read(run)).state;
    await engine.signal(runId(children[0] ?? ""), "approve", "yes");
    expect((await engine.resume(run)).result.outcome).toBe("done");
    expect(begun).toEqual(["asks", "other", "more", "asks", "after"]);
    expect(endings((await engine.read(run)).events)).toEqual(["other done", "more done", "asks done", "after done"]);
  });

  test("can be repeated from a task with other work for it", async () => {
    const { engine, start, begun } = place({ b: async () => "failed" });
    const { run, result } = await start(planOf([{ key: "a" }, { key: "b", dependsOn: ["a"] }]));
    expect(result.exitCode).toBe(1);
    begun.length = 0;
    const input = { kind: "goal", goal: heal(["c"]) };
    const forked = await engine.fork(run, { step: "b.work", input });
    expect((await engine.resume(forked)).result.outcome).toBe("done");
    expect(begun).toEqual(["c"]);
    const elsewhere = await engine.fork(run, {
      step: "b.work",
      input: { ...input, goal: { ...input.goal, root: "/" } },
    });
    expect((await engine.resume(elsewhere)).result.outcome).toBe("failed");
  });

  test.each<[string, Plan, RegExp]>([
    ["an unknown dependency", planOf([{ key: "a", dependsOn: ["b"] }]), /a depends on b/],
    ["work for workers where none are served", planOf([delegated("a")]), /task a is for workers/],
    ["what is no goal", planOf([{ key: "a", work: { kind: "goal", goal: { kind: "cook" } } }]), /the goal of task a/],
    [
      "a goal for another project",
      planOf([{ key: "a", work: { kind: "goal", goal: { ...heal(), root: "/etc" } } }]),
      /about \/etc, not about \/project/,
    ],
    [
      "a limit that is none",
      planOf([{ key: "a", work: { kind: "goal", goal: heal(), budget: { candies: 5 } } }]),
      /the budget of task a/,
    ],
  ])("is refused before anything is done for %s", async (_, plan, message) => {
    const { start, begun } = place({});
    const { result } = await start(plan);
    expect(result).toMatchObject({ outcome: "failed", exitCode: 2, fault: { code: "config-invalid" } });
    expect(result.summary).toMatch(message);
    expect(begun).toEqual([]);
  });
});

describe("work for workers", () => {
  const answering = (answers: Record<string, ("done" | "failed")[]>, retryable: boolean) => {
    const asked: string[] = [];
    const delegate: Delegate = async (run, key, task) => {
      const outcome = await run.step(key, task.work.input, () => {
        asked.push(key);
        return answers[task.key]?.shift() ?? ("done" as const);
      });
      const output = digestOf(key);
      await run.emit({ type: "task-finished", task: key, outcome, output, detail: key, durationMs: 1, worker: "w" });
      return { outcome, output, detail: key, retryable };
    };
    return { asked, delegate };
  };

  test("is handed over, and tried once more where that may help", async () => {
    const { asked, delegate } = answering({ b: ["failed"], c: ["failed", "failed"] }, true);
    const { engine, start } = place({}, { delegate });
    const { run, result } = await start(
      planOf([delegated("a"), delegated("b"), delegated("c"), { key: "d", dependsOn: ["b"] }]),
    );
    expect(result.summary).toBe("1 of 4 tasks failed: c.");
    expect(asked.toSorted()).toEqual(["a", "b", "b@2", "c", "c@2"]);
    const { events } = await engine.read(run);
    expect(events.flatMap((event) => (event.type === "plan-made" ? [event.reason] : []))).toEqual([
      "as it was given",
      "once more: b",
      "once more: c",
    ]);
    expect(endings(events).toSorted()).toEqual(["a done", "b failed", "b@2 done", "c failed", "c@2 failed", "d done"]);
  });

  test("that failed for good is not tried again", async () => {
    const { asked, delegate } = answering({ a: ["failed"] }, false);
    const { start } = place({}, { delegate });
    expect((await start(planOf([delegated("a")]))).result.exitCode).toBe(1);
    expect(asked).toEqual(["a"]);
  });
});

describe("re-planning", () => {
  test("may put other tasks in the place of what failed, and keeps what is done", async () => {
    const replan: Replan = (plan, { ended }) =>
      ended.get("b")?.outcome === "failed" && !plan.tasks.some(({ key }) => key === "instead")
        ? { reason: "b cannot be done", plan: planOf([{ key: "a" }, { key: "instead" }]), retry: [] }
        : undefined;
    const { engine, start, begun } = place({ b: async () => "failed" }, { replan });
    const { run, result } = await start(planOf([{ key: "a" }, { key: "b", dependsOn: ["a"] }]));
    expect(result).toMatchObject({ outcome: "done", summary: "All 2 tasks are done." });
    expect(begun).toEqual(["a", "b", "instead"]);
    const made = (await engine.read(run)).events.filter(({ type }) => type === "plan-made");
    expect(made).toMatchObject([{ revision: 1 }, { revision: 2, reason: "b cannot be done" }]);
  });

  test("that never comes to an end is ended", async () => {
    const replan: Replan = (plan) => ({ reason: "again", plan, retry: ["a"] });
    const { start, begun } = place({ a: async () => "failed" }, { replan });
    const { result } = await start(planOf([{ key: "a" }]));
    expect(result).toMatchObject({ outcome: "failed", fault: { code: "config-invalid" } });
    expect(begun).toHaveLength(100);
  });

  test("that drops what is done is a bug, and the run can be resumed when it is mended", async () => {
    const broken: Replan = () => ({ reason: "r", plan: planOf([{ key: "x" }]), retry: [] });
    const { start } = place({ b: async () => "failed" }, { replan: broken });
    const { result, recorded } = await start(planOf([{ key: "a" }, { key: "b", dependsOn: ["a"] }]));
    expect({ result, recorded }).toMatchObject({ recorded: false, result: { fault: { code: "defect" } } });
  });

  test("is thought of as often as the plan says, within bounds", () => {
    const planned = (replanMs: unknown) => {
      const plan = { tasks: [{ key: "a", title: "a", work: { kind: "goal", goal: heal() } }], replanMs };
      const parsed = goalSchema.safeParse({ kind: "plan", root: "/project", title: "t", plan });
      return parsed.success && parsed.data.kind === "plan" ? parsed.data.plan.replanMs : parsed.error?.issues[0]?.path;
    };
    expect(planned(undefined)).toBeUndefined();
    expect([60_000, 86_400_000].map(planned)).toEqual([60_000, 86_400_000]);
    for (const bad of [59_999, 86_400_001, "1h"]) expect(planned(bad)).toEqual(["plan", "replanMs"]);
  });

  test("is thought of at every tick while tasks are under way", async () => {
    const ticks: string[] = [];
    const slept: number[] = [];
    let now = 0;
    const clock = {
      now: () => now,
      sleep: async (ms: number) => {
        slept.push(ms);
        await new Promise((resolve) => setImmediate(resolve));
        now += ms;
      },
    };
    const long = Promise.withResolvers<"done">();
    const replan: Replan = (_, { cause, running }) => {
      ticks.push(`${cause} ${[...running].join()}`);
      if (ticks.length === 3) long.resolve("done");
      return undefined;
    };
    const { engine, start } = place({ long: () => long.promise }, { replan }, { clock });
    const { run, result } = await start(planOf([{ key: "long" }], { replanMs: 60_000 }));
    expect(result.outcome).toBe("done");
    expect(ticks.slice(0, 3)).toEqual(["tick long", "tick long", "tick long"]);
    expect(slept.slice(0, 3)).toEqual([60_000, 60_000, 60_000]);
    const { steps } = (await engine.read(run)).state;
    expect(steps.filter((key) => key.startsWith("replan-"))).toHaveLength(ticks.length);
  });
});

test("a plan that dies at any append, again and again, ends as it would have, its ends in the order of the first time", async () => {
  const plan = planOf(
    [
      { key: "a", resources: { cpu: 1 } },
      { key: "b", resources: { cpu: 2 } },
      { key: "c", dependsOn: ["a"] },
      { key: "bad", phase: 1 },
      { key: "lost", phase: 1, dependsOn: ["bad"] },
      { key: "e", phase: 2 },
    ],
    { parallelMax: 2, resourceLimits: { cpu: 2 } },
  );
  const deeds: Deeds = { bad: async () => "failed", b: async (run) => run.step("work", {}, () => "done" as const) };
  for (let at = 1; at < 30; at += 1) {
    const [journal, blobs, village] = [new MemoryJournal(), new MemoryBlobs(), new Village()];
    let before: string[] = [];
    let summary: string | undefined;
    for (let life = 0; summary === undefined; life++) {
      const owner = `life ${life}`;
      const dying = new CrashingJournal(journal, at + life * 2, life % 2 === 0);
      const { engine, start } = place(deeds, {}, { journal: dying, blobs, owners: village.owner(owner) });
      const known = await engine.newest();
      const end = await (known === undefined ? start(plan) : engine.resume(known)).catch((error) => {
        if (!(error instanceof Crash)) throw error;
      });
      village.dead.add(owner);
      const run = await engine.newest();
      const now = run === undefined ? [] : endings(await journal.read(run));
      expect(now.slice(0, before.length)).toEqual(before);
      before = now;
      if (end?.recorded === true && !dying.crashed) summary = end.result.summary;
    }
    expect(summary).toBe("1 of 6 tasks failed: bad; 1 not begun: lost.");
    expect(before.toSorted()).toEqual(["a done", "b done", "bad failed", "c done", "e done", "lost skipped"]);
    const runs = await journal.runs();
    expect(runs).toHaveLength(6);
  }
});
