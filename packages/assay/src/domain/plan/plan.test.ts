import { type Plan, planSchema } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describePlanProblem, planProblems } from "./plan-problems.ts";
import { type PlanStanding, readyTasks, skippedTasks, type TaskOutcome } from "./ready-tasks.ts";
import { endedUnder, retryOnce, revisionProblems, type TaskEnding } from "./revise-plan.ts";

type Sketch = { key: string; dependsOn?: string[]; phase?: number; resources?: Record<string, number> };

function plan(tasks: readonly Sketch[], rest: Partial<Omit<Plan, "tasks">> = {}): Plan {
  const work = { kind: "goal" as const, goal: {} };
  return planSchema.parse({ tasks: tasks.map((task) => ({ title: task.key, work, ...task })), ...rest });
}

const standing = (ended: Record<string, TaskOutcome>, running: string[] = []): PlanStanding => ({
  ended: new Map(Object.entries(ended)),
  running: new Set(running),
});
const keys = (tasks: readonly { key: string }[]) => tasks.map(({ key }) => key);

describe("a plan is refused", () => {
  test.each<[string, Plan, string[]]>([
    ["two tasks of one key", plan([{ key: "a" }, { key: "a" }]), ["two tasks are called a"]],
    ["an unknown dependency", plan([{ key: "a", dependsOn: ["b"] }]), ["a depends on b, which is not in the plan"]],
    [
      "a cycle, named in full",
      plan([
        { key: "z" },
        { key: "a", dependsOn: ["z", "c"] },
        { key: "b", dependsOn: ["a"] },
        { key: "c", dependsOn: ["b"] },
      ]),
      ["tasks wait for one another: a → c → b → a"],
    ],
    ["a task that waits for itself", plan([{ key: "a", dependsOn: ["a"] }]), ["tasks wait for one another: a → a"]],
    [
      "a dependency on a later phase",
      plan([
        { key: "a", dependsOn: ["b"] },
        { key: "b", phase: 1 },
      ]),
      ["a depends on b, which belongs to a later phase"],
    ],
    [
      "more of a resource than there is",
      plan([{ key: "a", resources: { gpu: 3, cpu: 99 } }], { resourceLimits: { gpu: 2 } }),
      ["a needs 3 of gpu, and there is 2"],
    ],
  ])("for %s", (_, given, problems) => {
    expect(planProblems(given).map(describePlanProblem)).toEqual(problems);
  });

  test("not for resources that bear the names of an object's own parts", () => {
    expect(planProblems(plan([{ key: "a", resources: { constructor: 3 } }]))).toEqual([]);
  });

  test("not for being long: a chain of all tasks that may be", () => {
    const chain = Array.from({ length: 10_000 }, (_, n) => ({ key: `t${n}`, dependsOn: n === 0 ? [] : [`t${n - 1}`] }));
    expect(planProblems(plan(chain.toReversed()))).toEqual([]);
  });
});

describe("a task begins", () => {
  test("when all that it depends on is done", () => {
    const given = plan([{ key: "a" }, { key: "b", dependsOn: ["a"] }, { key: "c" }]);
    expect(keys(readyTasks(given, standing({})))).toEqual(["a", "c"]);
    expect(keys(readyTasks(given, standing({ a: "done" }, ["c"])))).toEqual(["b"]);
    expect(keys(readyTasks(given, standing({ a: "failed", c: "done" })))).toEqual([]);
  });

  test("when lower phases are over, however they ended", () => {
    const given = plan([{ key: "a", phase: 5 }, { key: "b" }, { key: "c", phase: 2 }]);
    expect(keys(readyTasks(given, standing({})))).toEqual(["b"]);
    expect(keys(readyTasks(given, standing({}, ["b"])))).toEqual([]);
    expect(keys(readyTasks(given, standing({ b: "failed" })))).toEqual(["c"]);
  });

  test("while fewer run than may, and not after a failure where the plan stops at one", () => {
    const tasks = [{ key: "a" }, { key: "b" }, { key: "c" }];
    expect(keys(readyTasks(plan(tasks, { parallelMax: 2 }), standing({}, ["c"])))).toEqual(["a"]);
    expect(readyTasks(plan(tasks, { onFailure: "stop" }), standing({ b: "failed" }))).toEqual([]);
    expect(keys(readyTasks(plan(tasks), standing({ b: "failed" })))).toEqual(["a", "c"]);
  });

  test("when its resources are free; what it waits for is kept from those behind it", () => {
    const limits = { resourceLimits: { cpu: 2 } };
    const given = plan(
      [
        { key: "one", resources: { cpu: 1 } },
        { key: "both", resources: { cpu: 2 } },
        { key: "other", resources: { cpu: 1 } },
        { key: "none" },
      ],
      limits,
    );
    expect(keys(readyTasks(given, standing({})))).toEqual(["one", "none"]);
    expect(keys(readyTasks(given, standing({ one: "done" }, ["none"])))).toEqual(["both"]);
  });
});

test("what depends on something that failed is skipped, through all that depend on that", () => {
  const given = plan([
    { key: "d", dependsOn: ["c", "x"] },
    { key: "c", dependsOn: ["b"] },
    { key: "b", dependsOn: ["a"] },
    { key: "a" },
    { key: "x" },
  ]);
  expect(skippedTasks(given, new Map([["a", "failed"]]))).toEqual(["d", "c", "b"]);
  expect(skippedTasks(given, new Map([["x", "done"]]))).toEqual([]);
});

const sketches = fc.array(
  fc.record({
    dependsOn: fc.uniqueArray(fc.nat(20), { maxLength: 3 }),
    phase: fc.nat(2),
    cpu: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);
const policies = fc.record({
  parallelMax: fc.integer({ min: 1, max: 4 }),
  onFailure: fc.constantFrom("continue" as const, "stop" as const),
});

/** A sound plan: tasks depend on earlier ones of no later phase. */
const plans = fc.tuple(sketches, policies).map(([drawn, policy]) =>
  plan(
    drawn.map(({ dependsOn, phase, cpu }, n) => ({
      key: `t${n}`,
      phase,
      dependsOn: dependsOn.filter((d) => d < n && (drawn[d]?.phase ?? 0) <= phase).map((d) => `t${d}`),
      ...(cpu === 0 ? {} : { resources: { cpu } }),
    })),
    { ...policy, resourceLimits: { cpu: 3 } },
  ),
);

test("any sound plan comes to its end in any order of endings: every limit holds, nothing begins early or twice", () => {
  fc.assert(
    fc.property(plans, fc.infiniteStream(fc.nat()), fc.infiniteStream(fc.nat(3)), (given, picks, fates) => {
      expect(planProblems(given)).toEqual([]);
      const byKey = new Map(given.tasks.map((task) => [task.key, task]));
      const ended = new Map<string, TaskOutcome>();
      const running = new Set<string>();
      const begun = new Set<string>();
      for (;;) {
        for (const task of readyTasks(given, { ended, running })) {
          expect(begun.has(task.key)).toBe(false);
          expect(task.dependsOn.every((key) => ended.get(key) === "done")).toBe(true);
          for (const other of given.tasks) if (other.phase < task.phase) expect(ended.has(other.key)).toBe(true);
          begun.add(task.key);
          running.add(task.key);
        }
        expect(running.size).toBeLessThanOrEqual(given.parallelMax);
        expect([...running].reduce((sum, key) => sum + (byKey.get(key)?.resources.cpu ?? 0), 0)).toBeLessThanOrEqual(3);
        const going = [...running];
        const next = going[picks.next().value % Math.max(1, going.length)];
        if (next === undefined) break;
        running.delete(next);
        ended.set(next, fates.next().value === 0 ? "failed" : "done");
        for (const key of skippedTasks(given, ended)) ended.set(key, "skipped");
      }
      const failed = [...ended.values()].includes("failed");
      if (given.onFailure === "continue" || !failed) expect(ended.size).toBe(given.tasks.length);
      for (const [key, outcome] of ended) {
        const lost = byKey.get(key)?.dependsOn.some((dependency) => ended.get(dependency) !== "done") ?? false;
        expect(outcome === "skipped").toBe(lost);
      }
    }),
    { numRuns: 300 },
  );
});

describe("a revision", () => {
  const before = plan([{ key: "done" }, { key: "failed" }, { key: "later", dependsOn: ["failed"] }]);
  const now = standing({ done: "done", failed: "failed", later: "skipped" });
  const ending = (outcome: TaskOutcome, attempts = 1): TaskEnding => ({
    outcome,
    detail: "",
    retryable: true,
    attempts,
  });

  test("may add, drop and change what has not begun, and try again what failed", () => {
    const after = plan([{ key: "done" }, { key: "failed", phase: 3 }, { key: "new" }]);
    expect(revisionProblems(before, now, { reason: "r", plan: after, retry: ["failed"] })).toEqual([]);
  });

  test("must keep what is done or under way as it is", () => {
    const changed = plan([{ key: "done", phase: 1 }, { key: "failed" }]);
    expect(revisionProblems(before, now, { reason: "r", plan: changed, retry: [] })).toEqual([
      "done is done or under way, and must stay as it is",
    ]);
    const without = plan([{ key: "done" }]);
    expect(revisionProblems(before, standing({}, ["failed"]), { reason: "r", plan: without, retry: [] })).toHaveLength(
      1,
    );
  });

  test("tries nothing again that has not failed or is not there, and is a sound plan itself", () => {
    const bad = plan([{ key: "done" }, { key: "x", dependsOn: ["y"] }]);
    expect(revisionProblems(before, now, { reason: "r", plan: bad, retry: ["done", "failed"] })).toEqual([
      "x depends on y, which is not in the plan",
      "done cannot be tried again, since it has not failed",
      "failed cannot be tried again, since it is not in the plan",
    ]);
  });

  test("gives what was skipped its turn again", () => {
    const ended = new Map(Object.entries({ done: ending("done"), failed: ending("failed"), later: ending("skipped") }));
    expect([...endedUnder(ended, { reason: "r", plan: before, retry: ["failed"] }).keys()]).toEqual(["done"]);
  });

  test("by default tries once more what may pass then", () => {
    const known = (task: TaskEnding) => ({
      cause: "failure" as const,
      ended: new Map([["failed", task]]),
      running: new Set<string>(),
    });
    expect(retryOnce(before, known(ending("failed")))?.retry).toEqual(["failed"]);
    expect(retryOnce(before, known(ending("failed", 2)))).toBeUndefined();
    expect(retryOnce(before, known({ ...ending("failed"), retryable: false }))).toBeUndefined();
  });
});
