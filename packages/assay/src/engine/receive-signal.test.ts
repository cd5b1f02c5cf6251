import { describe, expect, test } from "vitest";
import { z } from "zod";
import { MemoryJournal } from "#store";
import { goal, ManualClock, memoryEngine, workflow } from "../../test/support/engine-parts.ts";

describe("a question with a deadline", () => {
  const flow = workflow((run) => run.signal("approve", z.string(), { deadlineMs: 60_000 }));

  function place() {
    const clock = new ManualClock();
    return { clock, engine: memoryEngine({ clock, journal: new MemoryJournal(() => clock.now()), workflows: [flow] }) };
  }

  test("is answered by what was sent in time, also when it is looked at later", async () => {
    const { clock, engine } = place();
    const { run, result } = await engine.start(flow, goal);
    expect(result).toMatchObject({ outcome: "paused", fault: { code: "waiting-for-signal" } });
    clock.time += 59_000;
    expect((await engine.resume(run)).result.outcome).toBe("paused");
    await engine.signal(run, "approve", "yes");
    clock.time += 60_000;
    expect((await engine.resume(run)).result.summary).toBe('{"kind":"answered","value":"yes"}');
  });

  test("expires when nobody answered, and a late answer changes nothing", async () => {
    const { clock, engine } = place();
    const { run } = await engine.start(flow, goal);
    clock.time += 60_001;
    await engine.signal(run, "approve", "yes");
    expect((await engine.resume(run)).result.summary).toBe('{"kind":"expired"}');
  });

  test("stays expired where the clock goes back", async () => {
    const { clock, engine } = place();
    const waiting = workflow(async (run) => {
      const answer = await run.signal("approve", z.string(), { deadlineMs: 60_000 });
      await run.signal("go", z.unknown());
      return answer;
    });
    const { run } = await engine.start(waiting, goal);
    clock.time += 60_001;
    expect((await engine.resume(run, { workflow: waiting })).result.fault?.message).toContain("waits for go");
    clock.time -= 60_001;
    await engine.signal(run, "approve", "yes");
    await engine.signal(run, "go", 1);
    expect((await engine.resume(run, { workflow: waiting })).result.summary).toBe('{"kind":"expired"}');
  });
});
