import { describe, expect, test } from "vitest";
import { z } from "zod";
import { FaultError, fault, raise } from "#domain";
import { MemoryBlobs, MemoryJournal } from "#store";
import { goal, ManualClock, memoryEngine, pausing, workflow } from "../../test/support/engine-parts.ts";

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

  test("that waits for somebody pauses the run and is not recorded: it runs again on resume, with what it reserved free again", async () => {
    let answer: string | undefined;
    const flow = workflow(async (run) => {
      const reservation = await run.reserve("ask", { candidates: 1 });
      const said = await run.step("ask", {}, () => answer ?? raise("waiting-for-signal", "nobody has answered yet"));
      await reservation.settle({ candidates: 1 });
      return said;
    });
    const engine = memoryEngine({ workflows: [flow] });
    const budget = { wallMsMax: 1, candidatesMax: 1, attemptsMax: 1 };
    const { run, result, recorded } = await engine.start(flow, goal, { budget });
    expect({ result, recorded }).toMatchObject({
      recorded: false,
      result: { outcome: "paused", exitCode: 5, fault: { code: "waiting-for-signal" } },
    });
    expect((await engine.read(run)).state).toMatchObject({ status: "paused", steps: [] });
    answer = "yes";
    expect((await engine.resume(run)).result).toMatchObject({ outcome: "accepted", summary: '"yes"' });
    expect((await engine.read(run)).state).toMatchObject({ steps: ["ask"], spent: { candidates: 1 } });
  });
});
