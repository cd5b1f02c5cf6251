import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defaultHealBudget, raise } from "#domain";
import { digestOf } from "#ports";
import { MemoryJournal } from "#store";
import { goal, ManualClock, memoryEngine, pausing, workflow } from "../../test/support/engine-parts.ts";

describe("the handle", () => {
  test("runs branches some at a time, waits for all, and throws the first failure by order", async () => {
    let running = 0;
    let most = 0;
    const finished: number[] = [];
    const flow = workflow((run) =>
      run.all(
        Array.from({ length: 9 }, (_, n) => async () => {
          most = Math.max(most, ++running);
          await run.step(`${n}`, {}, () => new Promise((resolve) => setTimeout(resolve, 10 - n)));
          running--;
          finished.push(n);
          if (n === 7 || n === 2) raise("no-tests", `branch ${n}`);
        }),
        { concurrency: 3 },
      ),
    );
    const { result } = await memoryEngine().start(flow, goal);
    expect(result.fault?.message).toBe("branch 2");
    expect(most).toBe(3);
    expect(finished.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("scopes a task's keys by its name", async () => {
    const flow = workflow((run) =>
      run.all([
        () => run.task("left", (task) => task.step("a", {}, () => 1)),
        () => run.task("right", (task) => task.task("deep", (deep) => deep.step("a", {}, () => 2))),
        () => run.step("a", {}, () => 3),
      ]),
    );
    const engine = memoryEngine();
    const { run, result } = await engine.start(flow, goal);
    expect(result.summary).toBe("[1,2,3]");
    expect((await engine.read(run)).state.steps.toSorted()).toEqual(["a", "left/a", "right/deep/a"]);
  });

  test("waits for a person: paused with exit 5, the first answer counts, a wrong one is refused", async () => {
    const flow = workflow((run) => run.signal("approve", z.object({ yes: z.boolean() })));
    const engine = memoryEngine({ workflows: [flow] });
    const { run, result } = await engine.start(flow, goal);
    expect(result).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "waiting-for-signal" } });
    expect(await engine.signal(run, "approve", { yes: true })).toBe("received");
    expect(await engine.signal(run, "approve", { yes: false })).toBe("duplicate");
    expect((await engine.resume(run)).result.summary).toBe('{"yes":true}');
  });

  test("takes in a signal that arrives while the run is executing", async () => {
    const flow = workflow(async (run) => {
      await run.step("a", {}, () => engine.signal(run.id, "answer", 42));
      return run.signal("answer", z.number());
    });
    const engine = memoryEngine();
    expect((await engine.start(flow, goal)).result.summary).toBe("42");
  });

  test("sleeps until a recorded deadline, over restarts", async () => {
    const clock = new ManualClock();
    const flow = pausing(async (run) => {
      const before = await run.now("before");
      await run.sleep("nap", 60_000);
      return (await run.now("after")) - before;
    });
    const engine = memoryEngine({ clock, workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    clock.time += 1_000_000;
    await engine.signal(run, "go", 1);
    expect((await engine.resume(run)).result.summary).toBe("60000");
    expect(clock.slept[0]).toBe(60_000);
    expect(clock.slept[1]).toBeLessThanOrEqual(0);
  });

  test("tells runs that came further when the code was changed from those that had not", async () => {
    let patched = false;
    const flow = pausing(async (run) => {
      const path: unknown[] = [await run.step("a", {}, () => "a")];
      if (patched) path.push(await run.patched("better"));
      path.push(await run.step("b", {}, () => "b"));
      return path;
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run: old } = await engine.start(flow, goal);
    patched = true;
    const { run: young } = await engine.start(flow, goal);
    for (const run of [old, young]) {
      await engine.resume(run);
      await engine.signal(run, "go", 1);
    }
    expect((await engine.resume(old)).result.summary).toBe('["a",false,"b"]');
    expect((await engine.resume(young)).result.summary).toBe('["a",true,"b"]');
  });

  test("refuses a worst case that the budget does not hold, and goes on with a larger one", async () => {
    const spent: unknown[] = [];
    const flow = workflow(async (run) => {
      for (const part of ["one", "two", "three"]) {
        const reservation = await run.reserve(part, { candidates: 40 });
        const tried = await run.step(part, {}, () => 30);
        await reservation.settle({ candidates: tried });
        spent.push([run.budget.spent().candidates, run.budget.remaining().candidatesMax]);
      }
    });
    const engine = memoryEngine({ workflows: [flow] });
    const budget = { ...defaultHealBudget, candidatesMax: 80 };
    const { run, result } = await engine.start(flow, goal, { budget });
    expect(result).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "budget-exhausted" } });
    expect((await engine.resume(run)).result.exitCode).toBe(5);
    expect((await engine.resume(run, { budget: { ...budget, candidatesMax: 100 } })).result.exitCode).toBe(0);
    expect((await engine.read(run)).state.spent.candidates).toBe(90);
    expect(spent).toEqual([
      [30, 50],
      [60, 20],
      [30, 50],
      [60, 20],
      [30, 70],
      [60, 40],
      [90, 10],
    ]);
  });

  test("takes a reservation that is settled twice for a defect", async () => {
    const flow = workflow(async (run) => {
      const reservation = await run.reserve("search", { candidates: 10 });
      await reservation.settle({ candidates: 1 });
      await reservation.settle({ candidates: 1 });
    });
    const { result } = await memoryEngine().start(flow, goal);
    expect(result.fault?.code).toBe("defect");
  });

  test("counts what was asked when it was interrupted as the most that it can have cost, and keeps what a resume granted", async () => {
    let asked = 0;
    const flow = workflow(async (run) => {
      const reservation = await run.reserve("call", { costMicroUsd: 60, requests: 1 });
      await run.step("call", {}, () => {
        asked += 1;
        return asked < 3 ? raise("interrupted", "Ctrl-C") : "answered";
      });
      await reservation.settle({ costMicroUsd: 10, requests: 1 });
      return run.budget.spent().costMicroUsd;
    });
    const engine = memoryEngine();
    const budget = { ...defaultHealBudget, costMicroUsdMax: 100 };
    const { run } = await engine.start(flow, goal, { budget });
    expect((await engine.read(run)).state.spent.costMicroUsd).toBe(0);
    const refused = await engine.resume(run, { workflow: flow });
    expect(refused.result).toMatchObject({ outcome: "paused", fault: { code: "budget-exhausted" } });
    expect((await engine.read(run)).state.spent).toMatchObject({ costMicroUsd: 60, requests: 1 });
    // Interrupted again with more; the next resume says nothing of limits and has the same.
    await engine.resume(run, { workflow: flow, budget: { ...budget, costMicroUsdMax: 200 } });
    expect((await engine.resume(run, { workflow: flow })).result.exitCode).toBe(0);
    expect((await engine.read(run)).state.spent.costMicroUsd).toBe(130);
    expect(asked).toBe(3);
  });

  test("holds reservations of parallel branches against one budget", async () => {
    const flow = workflow((run) =>
      run.all(
        Array.from({ length: 4 }, (_, n) => async () => {
          const reservation = await run.reserve(`${n}`, { attempts: 3 });
          await run.step(`${n}`, {}, () => new Promise((resolve) => setTimeout(resolve, 5)));
          await reservation.settle({ attempts: 1 });
        }),
      ),
    );
    const budget = { ...defaultHealBudget, attemptsMax: 9 };
    const { result } = await memoryEngine().start(flow, goal, { budget });
    expect(result.fault?.code).toBe("budget-exhausted");
  });

  test("opens a breaker when steps of a kind keep failing, probes after the cool-down, and obeys a manual reset", async () => {
    const clock = new ManualClock();
    let healthy = false;
    let calls = 0;
    const flow = workflow(async (run) => {
      for (const n of [1, 2]) {
        await run.step(`c${n}.check`, {}, () => {
          calls++;
          if (!healthy) raise("sandbox-failed", "no sandbox");
        });
      }
    });
    const retry = { triesMax: 10, firstDelayMs: 1, delayMsMax: 1 };
    const engine = memoryEngine({ clock, journal: new MemoryJournal(() => clock.now()), workflows: [flow], retry });
    const { run, result } = await engine.start(flow, goal);
    expect(result).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "breaker-open" } });
    expect(calls).toBe(6);
    expect((await engine.resume(run)).result.fault?.code).toBe("breaker-open");
    expect(calls).toBe(6);
    clock.time += 31_000;
    expect((await engine.resume(run)).result.fault?.code).toBe("breaker-open");
    expect(calls).toBe(7);
    await engine.resetBreaker(run, "check");
    healthy = true;
    expect((await engine.resume(run)).result.outcome).toBe("accepted");
    expect(calls).toBe(9);
  });
});

describe("an emission", () => {
  test("is journaled once whatever the number of replays; equal ones are counted", async () => {
    const flow = pausing(async (run) => {
      for (let n = 0; n < 3; n++) await run.emit({ type: "note", level: "info", message: "equal" });
      await run.emit({ type: "artifact-written", kind: "patch", path: "p", digest: digestOf("p") });
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    await engine.resume(run);
    await engine.resume(run);
    const { events } = await engine.read(run);
    expect(events.filter(({ type }) => type === "note")).toHaveLength(3);
    expect(events.filter(({ type }) => type === "artifact-written")).toHaveLength(1);
  });

  test("is known again on replay in whatever shape it was given", async () => {
    const journal = new MemoryJournal();
    let appends = 0;
    const counted = new Proxy(journal, {
      get: (target, name) => {
        if (name === "append") appends++;
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const flow = pausing((run) => {
      const event = { type: "note" as const, level: "info" as const, message: "m", at: 5, extra: undefined, more: [1] };
      return run.emit(event);
    });
    const engine = memoryEngine({ journal: counted, workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    appends = 0;
    await engine.resume(run);
    expect(appends).toBe(2); // the claim and the pause
    expect((await engine.read(run)).events.filter(({ type }) => type === "note")).toHaveLength(1);
  });

  test("that is not an event is a defect, and nothing of it is journaled", async () => {
    const flow = workflow((run) => run.emit({ type: "note", level: "loud", message: "m" } as never));
    const engine = memoryEngine();
    const { run, result } = await engine.start(flow, goal);
    expect(result.fault?.code).toBe("defect");
    expect((await engine.read(run)).events.map(({ type }) => type)).toEqual([
      "run-started",
      "lease-claimed",
      "run-paused",
    ]);
  });
});
