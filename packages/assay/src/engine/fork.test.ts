import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defaultHealBudget, raise } from "#domain";
import type { Run, Workflow } from "#engine";
import { goal, memoryEngine, workflow } from "../../test/support/engine-parts.ts";
import { editable } from "./step-input.ts";

const inputSchema = z.object({ hint: z.string() });

function called<T>(calls: string[], key: string, value: T): T {
  calls.push(key);
  return value;
}

/** Three steps, each made of the one before; `calls` says which were executed. */
function chain(calls: string[]): Workflow {
  return workflow(async (run) => {
    const one = await run.step("one", {}, () => called(calls, "one", "1"));
    await run.emit({ type: "note", level: "info", message: `after ${one}` });
    const reservation = await run.reserve("two", { candidates: 10 });
    const two = await run.step("two", editable(inputSchema, { hint: "none" }), (_, { hint }) => {
      calls.push("two");
      return `${one} ${hint}`;
    });
    await reservation.settle({ candidates: 7 });
    return run.step("three", { two }, () => called(calls, "three", `${two} 3`));
  });
}

describe("a fork", () => {
  test("keeps what came before the step and does the step and the rest again", async () => {
    const calls: string[] = [];
    const engine = memoryEngine({ workflows: [chain(calls)] });
    const { run } = await engine.start(chain(calls), goal, { budget: { ...defaultHealBudget, candidatesMax: 10 } });
    const forked = await engine.fork(run, { step: "two" });
    const { state, events } = await engine.read(forked);
    expect(state).toMatchObject({ status: "queued", goal, steps: ["one"], forkedFrom: { run, step: "two" } });
    expect(events.map(({ type }) => type)).toEqual(["run-started", "step-finished", "note", "run-forked"]);
    expect((await engine.resume(forked)).result.summary).toBe('"1 none 3"');
    expect(calls).toEqual(["one", "two", "three", "two", "three"]);
    const after = await engine.read(forked);
    expect(after.events.filter(({ type }) => type === "note")).toHaveLength(1);
    expect(after.state.spent.candidates).toBe(7);
  });

  test("hands the step the edited input, on every replay, and on a fork of the fork", async () => {
    const calls: string[] = [];
    const flow = chain(calls);
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    const forked = await engine.fork(run, { step: "two", input: { hint: "look left" } });
    expect((await engine.resume(forked)).result.summary).toBe('"1 look left 3"');
    const again = await engine.fork(forked, { step: "three" });
    expect((await engine.resume(again)).result.summary).toBe('"1 look left 3"');
    const other = await engine.fork(again, { step: "two", input: { hint: "look right" } });
    expect((await engine.read(other)).state.forkedFrom).toEqual({ run: again, step: "two" });
    expect((await engine.resume(other)).result.summary).toBe('"1 look right 3"');
    expect(calls.filter((call) => call === "one")).toHaveLength(1);
  });

  test("counts what the steps it took over had spent", async () => {
    const engine = memoryEngine();
    const flow = chain([]);
    const { run } = await engine.start(flow, goal, { budget: { ...defaultHealBudget, candidatesMax: 10 } });
    const forked = await engine.fork(run, { step: "three" });
    expect((await engine.read(forked)).state.spent.candidates).toBe(7);
  });

  test("does a step again that had ended by a fault", async () => {
    let broken = true;
    const flow = workflow((run) => run.step("a", {}, () => (broken ? raise("no-tests", "none") : "some")));
    const engine = memoryEngine({ workflows: [flow] });
    const { run, result } = await engine.start(flow, goal);
    expect(result.fault?.code).toBe("no-tests");
    broken = false;
    expect((await engine.resume(await engine.fork(run, { step: "a" }))).result.outcome).toBe("accepted");
  });

  test("keeps the signals that had come before the step, and waits for the others again", async () => {
    const flow = workflow(async (run) => {
      const first = await run.signal("first", z.number());
      const between = await run.step("between", { first }, () => first + 1);
      return between + (await run.signal("second", z.number()));
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    await engine.signal(run, "first", 1);
    await engine.resume(run);
    await engine.signal(run, "second", 10);
    expect((await engine.resume(run)).result.summary).toBe("12");
    const forked = await engine.fork(run, { step: "between" });
    expect((await engine.resume(forked)).result.fault?.code).toBe("waiting-for-signal");
    await engine.signal(forked, "second", 20);
    expect((await engine.resume(forked)).result.summary).toBe("22");
  });

  test("is made once under an id that was chosen before", async () => {
    const flow = chain([]);
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    const as = engine.newRun("heal");
    for (let n = 0; n < 2; n++) expect(await engine.fork(run, { step: "two", as })).toBe(as);
    expect(await engine.list()).toHaveLength(2);
  });

  test.each([
    [{ step: "four" }, /no finished step four/],
    [{ step: "one", input: { hint: "h" } }, /step one .* takes no input/],
  ])("is refused for %o", async (point, message) => {
    const flow = chain([]);
    const engine = memoryEngine();
    const { run } = await engine.start(flow, goal);
    const refusal = engine.fork(run, point);
    await expect(refusal).rejects.toMatchObject({ fault: { code: "usage" } });
    await expect(refusal).rejects.toThrow(message);
  });

  test("ends by a fault that names what is wrong with an input that does not fit", async () => {
    const flow = chain([]);
    const engine = memoryEngine({ workflows: [flow] });
    const { run } = await engine.start(flow, goal);
    const { result } = await engine.resume(await engine.fork(run, { step: "two", input: { hint: 5 } }));
    expect(result).toMatchObject({ outcome: "failed", exitCode: 2, fault: { code: "usage" } });
    expect(result.fault?.message).toContain("hint");
  });
});

test("a fork from any step without an edit ends as the run did, and does only what came after", async () => {
  const shape = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 });
  const property = fc.asyncProperty(shape, fc.nat(), async (widths, pick) => {
    const calls: string[] = [];
    const flow = workflow(async (run: Run) => {
      let value = "";
      for (const [row, width] of widths.entries()) {
        const results = await run.all(
          Array.from({ length: width }, (_, column) => async () => {
            const key = `s${row}.${column}`;
            const result = await run.step(key, { value }, () => called(calls, key, `${key};`));
            await run.emit({ type: "note", level: "info", message: result });
            return result;
          }),
        );
        value += results.join("");
      }
      return value;
    });
    const engine = memoryEngine({ workflows: [flow] });
    const { run, result } = await engine.start(flow, goal);
    const { steps } = (await engine.read(run)).state;
    const at = pick % steps.length;
    calls.length = 0;
    const end = await engine.resume(await engine.fork(run, { step: steps[at] ?? "" }));
    expect(end.result).toEqual(result);
    expect(calls.toSorted()).toEqual(steps.slice(at).toSorted());
    const notes = (await engine.read(end.run)).events.filter(({ type }) => type === "note");
    expect(notes).toHaveLength(steps.length);
  });
  await fc.assert(property, { numRuns: 100 });
});
