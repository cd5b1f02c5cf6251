import { describe, expect, test } from "vitest";
import { defaultHealBudget } from "#domain";
import { MemoryJournal } from "#store";
import { goal, memoryEngine, workflow } from "../../test/support/engine-parts.ts";

describe("a run that is created", () => {
  const flow = workflow((run) => run.step("a", {}, () => run.budget.total.attemptsMax));

  test("is queued with nothing executed, and goes on by being resumed", async () => {
    const engine = memoryEngine({ workflows: [flow] });
    const run = await engine.create(flow, goal, { budget: { ...defaultHealBudget, attemptsMax: 3 } });
    expect((await engine.read(run)).state).toMatchObject({ status: "queued", steps: [], goal });
    expect((await engine.resume(run)).result).toMatchObject({ outcome: "accepted", summary: "3" });
  });

  test("is one run however often it is asked for under its id, also when it is finished", async () => {
    const engine = memoryEngine({ workflows: [flow] });
    const run = engine.newRun("heal");
    for (let n = 0; n < 2; n++) expect(await engine.create(flow, goal, { run })).toBe(run);
    const { result } = await engine.resume(run);
    await engine.create(flow, goal, { run });
    expect((await engine.read(run)).state.result).toEqual(result);
    expect(await engine.list()).toHaveLength(1);
  });

  test("is refused for another goal under the same id", async () => {
    const engine = memoryEngine({ workflows: [flow] });
    const run = await engine.create(flow, goal);
    await expect(engine.create(flow, { ...goal, root: "/elsewhere" }, { run })).rejects.toMatchObject({
      fault: { code: "idempotency-conflict" },
    });
  });

  test.each([
    ["half a character", { ...goal, root: "/\ud800" }],
    ["more levels than readers can take", { ...goal, tests: JSON.parse("[".repeat(5_000) + "]".repeat(5_000)) }],
  ])("is refused for a goal with %s, and nothing is in the journal", async (_what, bad) => {
    const engine = memoryEngine({ workflows: [flow] });
    await expect(engine.create(flow, bad)).rejects.toMatchObject({ fault: { code: "usage" } });
    await expect(engine.start(flow, bad)).rejects.toMatchObject({ fault: { code: "usage" } });
    expect(await engine.list()).toEqual([]);
  });

  test("can be cancelled before it is executed", async () => {
    const engine = memoryEngine({ workflows: [flow] });
    const run = await engine.create(flow, goal);
    await engine.cancel(run);
    expect((await engine.resume(run)).result.outcome).toBe("cancelled");
  });
});

test("a run that is started at once is begun and claimed by one append", async () => {
  const journal = new MemoryJournal();
  const sizes: number[] = [];
  const counted = new Proxy(journal, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      if (name !== "append") return typeof value === "function" ? value.bind(target) : value;
      return (request: Parameters<MemoryJournal["append"]>[0]) => {
        sizes.push(request.events.length);
        return target.append(request);
      };
    },
  });
  await memoryEngine({ journal: counted }).start(
    workflow(async () => 1),
    goal,
  );
  expect(sizes).toEqual([2, 1]);
});
