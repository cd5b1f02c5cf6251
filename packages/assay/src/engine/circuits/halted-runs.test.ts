import { describe, expect, test } from "vitest";
import { type RunId, runId } from "#domain";
import { MemoryCircuitLog } from "#store";
import { settled, TurnedClock } from "../../../test/support/turned-clock.ts";
import { defaultCircuits } from "./circuit-policy.ts";
import { Circuits } from "./circuits.ts";
import { HaltedRuns } from "./halted-runs.ts";

const [a, b, c] = [runId("heal-aaaaaaaa"), runId("heal-bbbbbbbb"), runId("heal-cccccccc")];
const step = "step:check";

async function place() {
  const clock = new TurnedClock();
  const policy = { ...defaultCircuits, step: { failuresMax: 1, coolDownMs: 1000 } };
  const circuits = await Circuits.open(new MemoryCircuitLog(), clock, policy);
  const gone: string[] = [];
  const halted = new HaltedRuns(circuits);
  const add = (run: RunId, circuit: string) => halted.add(run, circuit, () => gone.push(run));
  const taken = async () => {
    await settled();
    return gone.splice(0);
  };
  return { clock, circuits, halted, add, taken };
}

describe("runs that a circuit halted", () => {
  test("send one as the probe when its pause is over, and all go on when that one passed", async () => {
    const { clock, circuits, add, taken } = await place();
    circuits.failed(step, "broken");
    for (const run of [a, b, c]) add(run, step);
    await clock.turn(999);
    expect(await taken()).toEqual([]);
    await clock.turn(1);
    expect(await taken()).toEqual([a]);
    circuits.enter(step);
    await clock.turn(500);
    expect(await taken()).toEqual([]);
    circuits.succeeded(step);
    expect(await taken()).toEqual([b, c]);
    expect(clock.sleeping).toBe(0);
  });

  test("send the next one after another pause when the probe failed, or nothing was heard of it", async () => {
    const { clock, circuits, halted, add, taken } = await place();
    circuits.failed(step, "broken");
    for (const run of [a, b, c]) add(run, step);
    await clock.turn(1000);
    expect(await taken()).toEqual([a]);
    circuits.enter(step);
    circuits.failed(step, "still broken");
    add(a, step);
    await clock.turn(999);
    expect(await taken()).toEqual([]);
    await clock.turn(1);
    expect(await taken()).toEqual([b]);
    await clock.turn(1000);
    expect(await taken()).toEqual([c]);
    halted[Symbol.dispose]();
  });

  test("all go on when it is closed by hand, those of other circuits not", async () => {
    const { circuits, halted, add, taken } = await place();
    circuits.failed(step, "broken");
    circuits.failed("step:other", "broken");
    add(a, step);
    add(b, "step:other");
    add(c, step);
    halted.remove(c);
    expect(await taken()).toEqual([]);
    await circuits.reset(step, "ada", "repaired");
    expect(await taken()).toEqual([a]);
    halted[Symbol.dispose]();
    await circuits.reset("step:other", "ada", "repaired");
    expect(await taken()).toEqual([]);
  });

  test("go on at once where the circuit closed before", async () => {
    const { add, taken } = await place();
    add(a, step);
    expect(await taken()).toEqual([a]);
  });

  test("are each a probe only so often, and go on when the circuit is closed all the same", async () => {
    const { clock, circuits, add, taken } = await place();
    circuits.failed(step, "broken");
    add(a, step);
    for (let n = 0; n < 50; n++) {
      await clock.turn(1000);
      expect(await taken()).toEqual([a]);
      circuits.enter(step);
      circuits.failed(step, "still broken");
      add(a, step);
    }
    await clock.turn(5000);
    expect(await taken()).toEqual([]);
    await circuits.reset(step, "ada", "repaired");
    expect(await taken()).toEqual([a]);
  });
});
