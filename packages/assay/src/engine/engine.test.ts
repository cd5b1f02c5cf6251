import type { RunEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defaultHealBudget, FaultError, fault, raise, runId } from "#domain";
import type { Run } from "#engine";
import { digestOf } from "#ports";
import { MemoryBlobs, MemoryJournal } from "#store";
import { goal, ManualClock, memoryEngine, Village, workflow } from "../../test/support/engine-parts.ts";

/** Starts a run that waits for `go` after its body, so that it can be resumed over the same history. */
function pausing(body: (run: Run) => Promise<unknown>) {
  return workflow(async (run) => {
    const value = await body(run);
    await run.signal("go", z.unknown());
    return value;
  });
}

describe("a step", () => {
  test("is executed once and gives its recorded result on every replay", async () => {
    let calls = 0;
    const flow = pausing((run) => run.step("count", {}, () => ({ calls: ++calls })));
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    await engine.resume(run);
    await engine.signal(run, "go", true);
    expect((await engine.resume(run)).result).toMatchObject({ outcome: "accepted", summary: '{"calls":1}' });
    expect(calls).toBe(1);
  });

  test("gives the same shape the first time as on replay: through JSON and its schema", async () => {
    const shapes: unknown[] = [];
    const flow = pausing(async (run) => {
      shapes.push(await run.step("date", {}, () => ({ at: new Date(0), gone: undefined, n: Number.NaN }) as unknown));
      shapes.push(await run.step("schema", {}, () => ({ a: 1, extra: 2 }), z.object({ a: z.number() }) as never));
      shapes.push(await run.step("nothing", {}, () => undefined));
      const list = await run.step("list", {}, () => [1]);
      list.push(2);
      shapes.push(list);
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    await engine.resume(run);
    expect(shapes.slice(0, 4)).toEqual([{ at: "1970-01-01T00:00:00.000Z", n: null }, { a: 1 }, undefined, [1, 2]]);
    expect(shapes.slice(4)).toEqual(shapes.slice(0, 4));
  });

  test("with another input than recorded stops with workflow-changed and leaves the run resumable", async () => {
    let input = 1;
    const flow = pausing((run) => run.step("a", { input }, () => 1));
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    input = 2;
    const end = await engine.resume(run);
    expect(end).toMatchObject({ recorded: false, result: { exitCode: 4, fault: { code: "workflow-changed" } } });
    input = 1;
    await engine.signal(run, "go", 1);
    expect((await engine.resume(run)).result.outcome).toBe("accepted");
  });

  test("whose key was used before is a defect, named with its key", async () => {
    const flow = workflow(async (run) => {
      await run.step("same", {}, () => 1);
      await run.step("same", {}, () => 2);
    });
    const { result, recorded } = await memoryEngine().start(flow, goal);
    expect(result).toMatchObject({ outcome: "failed", exitCode: 4, fault: { code: "defect" } });
    expect(result.fault?.message).toContain("key same is used twice");
    expect(recorded).toBe(false);
  });

  test("over 8 MiB is kept as a blob, and comes back whole", async () => {
    const journal = new MemoryJournal();
    const blobs = new MemoryBlobs();
    const lengths: number[] = [];
    const flow = pausing(async (run) => lengths.push((await run.step("big", {}, () => "x".repeat(9_000_000))).length));
    const engine = memoryEngine({ journal, blobs, workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    await engine.resume(run);
    expect(lengths).toEqual([9_000_000, 9_000_000]);
    const step = (await journal.read(run)).find((event) => event.type === "step-finished");
    expect(step?.result).toMatchObject({ kind: "blob", bytes: 9_000_002 });
    expect(JSON.stringify(step).length).toBeLessThan(1000);
  });

  test("that fails by a fault that may pass is tried again with growing pauses, then pauses the run", async () => {
    const clock = new ManualClock();
    let calls = 0;
    let healthyFrom = 3;
    const flow = workflow((run) =>
      run.step("shaky", {}, () => {
        calls++;
        return calls < healthyFrom ? raise("sandbox-failed", `try ${calls}`) : calls;
      }),
    );
    const engine = memoryEngine({ clock, workflows: [flow], random: () => 0.5 });
    expect((await engine.start(flow, goal)).result.summary).toBe("3");
    expect(clock.slept).toEqual([75, 150]);

    calls = 0;
    healthyFrom = 6;
    const end = await engine.start(flow, goal);
    expect(calls).toBe(4);
    expect(end).toMatchObject({
      recorded: false,
      result: { outcome: "paused", exitCode: 4, fault: { message: "try 4" } },
    });
    expect((await engine.resume(end.run)).result.summary).toBe("6");
  });

  test("that fails by a terminal fault is recorded, so that a replay takes the same path", async () => {
    let calls = 0;
    const flow = pausing(async (run) => {
      try {
        await run.step("missing", {}, () => {
          calls++;
          raise("tool-missing", "no python");
        });
      } catch (error) {
        return error instanceof FaultError ? error.fault : "another error";
      }
      return "no error";
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    await engine.signal(run, "go", 1);
    expect((await engine.resume(run)).result.summary).toBe(JSON.stringify(fault("tool-missing", "no python")));
    expect(calls).toBe(1);
  });
});

describe("a run", () => {
  test("that ends by a terminal fault has that as its recorded result", async () => {
    const flow = workflow(async () => raise("no-tests", "nothing to run"));
    const engine = memoryEngine({ workflows: [flow] });
    const end = await engine.start(flow, goal);
    expect(end).toMatchObject({ recorded: true, result: { outcome: "inconclusive", exitCode: 3 } });
    expect(await engine.resume(end.run)).toEqual(end);
  });

  test("that meets a bug is paused, not finished, and goes on when the bug is gone", async () => {
    let broken = true;
    const flow = workflow((run) =>
      run.step("a", {}, () => {
        if (broken) throw new TypeError("undefined is not a function");
        return "fine";
      }),
    );
    const engine = memoryEngine({ workflows: [flow] });
    const { run, result } = await engine.start(flow, goal);
    expect(result).toMatchObject({ outcome: "failed", exitCode: 4, fault: { code: "defect" } });
    expect((await engine.read(run)).state.status).toBe("paused");
    broken = false;
    expect((await engine.resume(run)).result.outcome).toBe("accepted");
  });

  test("is refused by another version of its workflow, and unknown runs are not found", async () => {
    const old = pausing(async () => 1);
    const engine = memoryEngine({ workflows: [{ ...old, version: 2 }] });
    const { run } = await engine.start(old, goal);
    await expect(engine.resume(run)).rejects.toMatchObject({ fault: { code: "workflow-changed" } });
    await expect(engine.resume(runId("heal-00000000"))).rejects.toMatchObject({ fault: { code: "run-not-found" } });
  });

  test("pauses on Ctrl-C after the step under way, exits 130 and can be resumed", async () => {
    const controller = new AbortController();
    const done: string[] = [];
    const flow = workflow(async (run) => {
      await run.step("a", {}, () => {
        done.push("a");
        controller.abort();
      });
      await run.step("b", {}, () => void done.push("b"));
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run, result } = await engine.start(flow, goal, { abort: controller.signal });
    expect(result).toMatchObject({ outcome: "paused", exitCode: 130, fault: { code: "interrupted" } });
    expect((await engine.resume(run)).result.outcome).toBe("accepted");
    expect(done).toEqual(["a", "b"]);
  });

  test("takes an error that the interruption caused for the interruption", async () => {
    const controller = new AbortController();
    const flow = workflow(async (run) => {
      await run.step("a", {}, (signal) => {
        controller.abort();
        signal.throwIfAborted();
      });
    });
    const { result } = await memoryEngine().start(flow, goal, { abort: controller.signal });
    expect(result.fault?.code).toBe("interrupted");
  });

  test("that is cancelled while it runs stops at its next step with the recorded cancellation", async () => {
    const done: string[] = [];
    const flow = workflow(async (run) => {
      await run.step("a", {}, async () => {
        done.push("a");
        await engine.cancel(run.id, "a person");
      });
      await run.step("b", {}, () => void done.push("b"));
    });
    const engine = memoryEngine({ workflows: [flow] });
    const end = await engine.start(flow, goal);
    expect(end).toMatchObject({ recorded: true, result: { outcome: "cancelled", exitCode: 130 } });
    expect(done).toEqual(["a"]);
    expect((await engine.read(end.run)).state.status).toBe("cancelled");
    expect((await engine.resume(end.run)).result.outcome).toBe("cancelled");
    expect((await engine.cancel(end.run)).outcome).toBe("cancelled");
    await expect(engine.signal(end.run, "x", 1)).rejects.toMatchObject({ fault: { code: "run-finished" } });
  });

  test("notices a cancellation during a long step by its abort signal", async () => {
    const flow = workflow(async (run) => {
      await run.step("long", {}, async (signal) => {
        await engine.cancel(run.id);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      });
    });
    const engine = memoryEngine({ workflows: [flow], pollMs: 5 });
    expect((await engine.start(flow, goal)).result.outcome).toBe("cancelled");
  });

  test("tells its listener every new event once, in order, and its history apart", async () => {
    const flow = pausing(async (run) => {
      await run.step("a", {}, () => 1);
      await run.emit({ type: "note", level: "info", message: "said once" });
    });
    const engine = memoryEngine({ workflows: [flow] });
    const seen: RunEvent[] = [];
    const history: RunEvent[] = [];
    const { run } = await engine.start(flow, goal, { onEvent: (event) => seen.push(event) });
    expect(seen.map(({ type }) => type)).toEqual([
      "run-started",
      "lease-claimed",
      "step-finished",
      "note",
      "run-paused",
    ]);
    await engine.signal(run, "go", 1);
    const end = await engine.resume(run, {
      onEvent: (event) => seen.push(event),
      onHistory: (events) => history.push(...events),
    });
    expect(history.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 7, 8]);
    expect(end.seq).toBe(8);
  });

  test("lists runs newest first with their state", async () => {
    const flow = pausing(async (run) => run.step("a", {}, () => 1));
    const engine = memoryEngine({ workflows: [flow] });
    const { run: first } = await engine.start(flow, goal);
    const { run: second } = await engine.start(flow, goal);
    await engine.cancel(first);
    const listed = await engine.list();
    expect(listed.map(({ run, ...rest }) => [run, rest.kind === "readable" && rest.state.status])).toEqual([
      [second, "paused"],
      [first, "cancelled"],
    ]);
  });
});

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

describe("a lease", () => {
  test("is refused while its owner lives and taken at once when it is dead", async () => {
    const village = new Village();
    const journal = new MemoryJournal();
    const release = Promise.withResolvers<void>();
    const flow = workflow((run) => run.step("long", {}, () => release.promise));
    const a = memoryEngine({ journal, workflows: [flow], owners: village.owner("a") });
    const b = memoryEngine({ journal, workflows: [flow], owners: village.owner("b") });
    const started = a.start(flow, goal);
    await new Promise(setImmediate);
    const [{ run } = raise("defect", "no run")] = await journal.runs();
    const fault = { code: "run-locked", message: expect.stringContaining("process a") };
    await expect(b.resume(run)).rejects.toMatchObject({ fault });
    await expect(a.resume(run)).rejects.toMatchObject({ fault: { code: "run-locked" } });
    village.dead.add("a");
    release.resolve();
    const taken = b.resume(run);
    const ends = await Promise.all([started, taken]);
    expect(ends.map(({ result }) => result.fault?.code).toSorted()).toContain("run-locked");
    expect((await a.read(run)).state).toMatchObject({ status: "finished", owner: "b" });
  });

  test("that was taken by force makes its first owner stop without another word in the journal", async () => {
    const village = new Village();
    const journal = new MemoryJournal();
    const release = Promise.withResolvers<void>();
    const executed: string[] = [];
    const flow = (name: string) =>
      workflow(async (run) => {
        const who = await run.step("who", {}, async () => {
          executed.push(name);
          if (name === "a") await release.promise;
          return name;
        });
        await run.step("after", { who }, () => void executed.push(`${name} after`));
        return who;
      });
    const a = memoryEngine({ journal, owners: village.owner("a"), pollMs: 60_000 });
    const b = memoryEngine({ journal, owners: village.owner("b") });
    const started = a.start(flow("a"), goal);
    await new Promise(setImmediate);
    const [{ run } = raise("defect", "no run")] = await journal.runs();
    const end = await b.resume(run, { workflow: flow("b"), force: true });
    expect(end.result).toMatchObject({ outcome: "accepted", summary: '"b"' });
    release.resolve();
    expect((await started).result).toMatchObject({ summary: '"b"' });
    expect(executed).toEqual(["a", "b", "b after"]);
    expect((await b.read(run)).events.at(-1)).toMatchObject({ type: "result", seq: end.seq });
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
});
