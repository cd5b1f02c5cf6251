import type { RunEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Budget, defaultHealBudget, raise, runId } from "#domain";
import type { Engine, Run } from "#engine";
import { MemoryBlobs, MemoryJournal } from "#store";
import { Crash, CrashingJournal, goal, memoryEngine, Village, workflow } from "../../test/support/engine-parts.ts";

const budget: Budget = { ...defaultHealBudget, candidatesMax: 100, costMicroUsdMax: 100 };
const part = { candidatesMax: 40, costMicroUsdMax: 40, wallMsMax: 1000, attemptsMax: 1 };

/** A workflow that spends what it is told to, in a run of its own. */
function spending(candidates: number, worst = candidates) {
  return workflow(async (run) => {
    const reservation = await run.reserve("work", { candidates: worst });
    const found = await run.step("work", {}, () => "found");
    await reservation.settle({ candidates });
    return found;
  });
}

async function onlyChild(engine: Engine, run: Run["id"]) {
  const [child] = (await engine.read(run)).state.children;
  return runId(child ?? "none");
}

describe("a child run", () => {
  test("has a journal of its own; its parent keeps how it ended and what it spent", async () => {
    const calls: unknown[] = [];
    const flow = workflow(async (run) => {
      const before = run.budget.remaining().candidatesMax;
      const result = await run.child("part", spending(30, 40), goal, part);
      calls.push([before, run.budget.remaining().candidatesMax]);
      await run.signal("go", z.unknown());
      return result.summary;
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal, { budget });
    await engine.signal(run, "go", 1);
    expect((await engine.resume(run)).result.summary).toBe('"\\"found\\""');
    expect(calls).toEqual([
      [100, 70],
      [100, 70],
    ]);
    const child = await onlyChild(engine, run);
    const { events, state } = await engine.read(child);
    expect(state).toMatchObject({ parent: { run, key: "part" }, status: "finished", steps: ["work"] });
    expect(events[0]).toMatchObject({ type: "run-started", budget: part });
    expect((await engine.read(run)).state.spent.candidates).toBe(30);
    expect(await engine.newest()).toBe(run);
  });

  test("is watched with its parent: what it does is told with its own id, in order", async () => {
    const flow = workflow((run) => run.child("part", spending(30), goal, part));
    const engine = memoryEngine({ workflows: [flow] });
    const seen: RunEvent[] = [];
    const { run } = await engine.start(flow, goal, { budget, onEvent: (event) => seen.push(event) });
    const child = await onlyChild(engine, run);
    const told = (of: string) => seen.filter(({ runId: from }) => from === of).map(({ type }) => type);
    expect(told(run)).toEqual((await engine.read(run)).events.map(({ type }) => type));
    expect(["run-started", ...told(child)]).toEqual((await engine.read(child)).events.map(({ type }) => type));
  });

  test("is refused where its parent's budget does not hold it, though what it would spend would fit", async () => {
    const flow = workflow((run) =>
      run.all([1, 2, 3].map((n) => () => run.child(`${n}`, spending(1), goal, { ...part, candidatesMax: 40 }))),
    );
    const engine = memoryEngine({ workflows: [flow] });
    const { run, result } = await engine.start(flow, goal, { budget });
    expect(result).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "budget-exhausted" } });
    expect((await engine.read(run)).state.children).toHaveLength(2);
    expect((await engine.resume(run)).result.outcome).toBe("accepted");
    expect((await engine.read(run)).state.children).toHaveLength(3);
  });

  test("is limited wherever its parent is, whatever is asked for it", async () => {
    const flow = workflow(async (run) => {
      await run.child("part", spending(1), goal, { candidatesMax: 5 });
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal, { budget });
    const [first] = (await engine.read(await onlyChild(engine, run))).events;
    expect(first).toMatchObject({ budget: { ...budget, candidatesMax: 5 } });
  });

  test("that is paused pauses its parent with its reason, and goes on when that one does", async () => {
    const child = workflow((run) => run.signal("approve", z.string()));
    const flow = workflow(async (run) => (await run.child("part", child, goal, part)).summary);
    const engine = memoryEngine({ workflows: [flow] });
    const { run, result } = await engine.start(flow, goal, { budget });
    expect(result).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "waiting-for-signal" } });
    const waiting = await onlyChild(engine, run);
    expect(result.fault?.message).toContain(`its part part, run ${waiting}`);
    expect(result.fault?.remedy).toContain(`assay resume ${run}`);
    await expect(engine.resume(waiting)).rejects.toMatchObject({
      fault: { code: "usage", remedy: expect.stringContaining(`assay resume ${run}`) },
    });
    await engine.signal(waiting, "approve", "yes");
    expect((await engine.resume(run)).result.summary).toContain("yes");
    expect((await engine.read(run)).state.children).toEqual([waiting]);
  });

  test("that used up what it had gets a share of what its parent has when that one goes on with more", async () => {
    const flow = workflow(async (run) => (await run.child("part", spending(60), goal, part)).outcome);
    const engine = memoryEngine({ workflows: [flow] });
    const { run, result } = await engine.start(flow, goal, { budget: { ...budget, candidatesMax: 40 } });
    expect(result.fault?.code).toBe("budget-exhausted");
    const end = await engine.resume(run, { budget: { ...budget, candidatesMax: 60 } });
    expect(end.result.summary).toBe('"accepted"');
    const { state } = await engine.read(run);
    expect(state.children).toHaveLength(1);
    expect(state.spent.candidates).toBe(60);
  });

  test("ends with its parent when that one is cancelled, and can be cancelled by itself", async () => {
    const child = workflow((run) => run.signal("never", z.string()));
    const flow = workflow(async (run) => (await run.child("part", child, goal, part)).outcome);
    const engine = memoryEngine({ workflows: [flow] });
    const first = await engine.start(flow, goal, { budget });
    await engine.cancel(first.run);
    expect((await engine.read(await onlyChild(engine, first.run))).state.status).toBe("cancelled");
    const second = await engine.start(flow, goal, { budget });
    await engine.cancel(await onlyChild(engine, second.run));
    expect((await engine.resume(second.run)).result.summary).toBe('"cancelled"');
  });

  test("that is executed while its parent is cancelled is stopped and cancelled", async () => {
    const steps: string[] = [];
    const child = workflow(async (run) => {
      await run.step("long", {}, async (signal) => {
        steps.push("long");
        const { parent } = (await engine.read(run.id)).state;
        await engine.cancel(runId(parent?.run ?? ""));
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      });
      await run.step("never", {}, () => void steps.push("never"));
    });
    const flow = workflow(async (run) => run.child("part", child, goal, part));
    const engine = memoryEngine({ workflows: [flow], pollMs: 5 });
    const { run, result } = await engine.start(flow, goal, { budget });
    expect(result.outcome).toBe("cancelled");
    expect((await engine.read(await onlyChild(engine, run))).state.status).toBe("cancelled");
    expect(steps).toEqual(["long"]);
  });

  test("comes to a checkpoint before its parent's execution ends, also when another part fails first", async () => {
    const child = workflow((run) =>
      run.step("long", {}, (signal) => new Promise((resolve) => signal.addEventListener("abort", resolve))),
    );
    const flow = workflow(async (run) => {
      const long = run.child("long", child, goal, part);
      long.catch(() => undefined);
      await run.step("fails", {}, async () => {
        while ((await engine.read(run.id)).state.children.length === 0) await Promise.resolve();
        raise("disk-full", "no space");
      });
      await long;
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run, result } = await engine.start(flow, goal, { budget });
    expect(result.fault?.code).toBe("disk-full");
    expect(["paused", "queued"]).toContain((await engine.read(await onlyChild(engine, run))).state.status);
  });

  test("is cancelled where its parent ends for good without it", async () => {
    const child = workflow((run) => run.signal("never", z.string()));
    const flow = workflow(async (run) => {
      await run.child("part", child, goal, part).catch(() => undefined);
      raise("no-tests", "there is nothing to do");
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run, recorded } = await engine.start(flow, goal, { budget });
    expect(recorded).toBe(true);
    expect((await engine.read(await onlyChild(engine, run))).state.status).toBe("cancelled");
  });

  test("of a run that repeats another is taken over where it was finished, and begun anew where it was not", async () => {
    const flow = workflow(async (run) => {
      const first = await run.child("first", spending(1), goal, part);
      await run.step("between", {}, () => 1);
      const second = await run.child("second", spending(1), goal, part);
      return [first.outcome, second.outcome];
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal, { budget });
    const forked = await engine.fork(run, { step: "between" });
    await engine.resume(forked);
    const [before, after] = [(await engine.read(run)).state, (await engine.read(forked)).state];
    expect(after.children[0]).toBe(before.children[0]);
    expect(after.children[1]).not.toBe(before.children[1]);
    expect(after.spent).toEqual(before.spent);
  });
});

test("a parent that dies at any append goes on with the same children, each of which does its work once", async () => {
  const calls: string[] = [];
  const child = (name: string) =>
    workflow(async (run) => {
      const reservation = await run.reserve("work", { candidates: 10 });
      await run.step("work", {}, () => void calls.push(name));
      await reservation.settle({ candidates: 10 });
      return name;
    });
  const flow = workflow(async (run) =>
    (await run.all(["a", "b"].map((name) => () => run.child(name, child(name), goal, part)))).map(
      ({ summary }) => summary,
    ),
  );
  for (const kept of [true, false]) {
    for (let at = 2; at < 20; at++) {
      calls.length = 0;
      const journal = new MemoryJournal();
      const blobs = new MemoryBlobs();
      const village = new Village();
      const dying = new CrashingJournal(journal, at, kept);
      const first = memoryEngine({ journal: dying, blobs, owners: village.owner("first"), workflows: [flow] });
      await first.start(flow, goal, { budget }).catch((error) => {
        if (!(error instanceof Crash)) throw error;
      });
      village.dead.add("first");
      const second = memoryEngine({ journal, blobs, owners: village.owner("second"), workflows: [flow] });
      const run = await second.newest();
      if (run === undefined) throw new Error("the run was not begun");
      const { result } = await second.resume(run);
      expect(result.summary).toBe(JSON.stringify(['"a"', '"b"']));
      const { state, events } = await second.read(run);
      expect(state.spent.candidates).toBe(20);
      expect(new Set(state.children).size).toBe(2);
      expect(events.filter(({ type }) => type === "child-started")).toHaveLength(2);
      for (const id of state.children) {
        const { events: own } = await second.read(runId(id));
        expect(own.filter(({ type }) => type === "step-finished")).toHaveLength(1);
      }
      expect(await second.list()).toHaveLength(3);
    }
  }
});
