import type { CircuitChange } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { defaultRetry, raise } from "#domain";
import { MemoryCircuitLog } from "#store";
import { goal, ManualClock, memoryEngine, workflow } from "../../../test/support/engine-parts.ts";
import { settled, TurnedClock } from "../../../test/support/turned-clock.ts";
import { Circuits } from "./circuits.ts";
import { workerGate } from "./worker-gate.ts";

const policy = {
  step: { failuresMax: 2, coolDownMs: 1000 },
  worker: { failuresMax: 2, coolDownMs: 1000 },
  system: { openMax: 3, windowMs: 10_000, coolDownMs: 5000 },
};

async function place(log = new MemoryCircuitLog(), clock = new TurnedClock()) {
  const circuits = await Circuits.open(log, clock, policy);
  return { log, clock, circuits };
}

function failTwice(circuits: Circuits, ...names: string[]) {
  for (const name of names) {
    circuits.failed(name, "broken");
    circuits.failed(name, "broken");
  }
}

describe("circuits", () => {
  test("open after failures in a row, let one probe through after the pause, and close when it passes", async () => {
    const { circuits, clock } = await place();
    circuits.failed("step:check", "broken");
    circuits.succeeded("step:check");
    failTwice(circuits, "step:check");
    expect(circuits.enter("step:check")).toEqual({
      kind: "refused",
      circuit: "step:check",
      retryAt: clock.now() + 1000,
    });
    expect(circuits.enter("step:other").kind).toBe("allowed");
    await clock.turn(1000);
    expect(circuits.enter("step:check").kind).toBe("allowed");
    expect(circuits.enter("step:check").kind).toBe("refused");
    circuits.succeeded("step:check");
    expect(circuits.enter("step:check").kind).toBe("allowed");
    expect((await circuits.history(10)).map(({ from, to }) => `${from} ${to}`)).toEqual([
      "half-open closed",
      "open half-open",
      "closed open",
    ]);
  });

  test("do not wait for ever for a probe of which nothing is heard", async () => {
    const { circuits, clock } = await place();
    failTwice(circuits, "step:check");
    await clock.turn(1000);
    expect(circuits.enter("step:check").kind).toBe("allowed");
    await clock.turn(999);
    expect(circuits.enter("step:check").kind).toBe("refused");
    await clock.turn(1);
    expect(circuits.enter("step:check").kind).toBe("allowed");
    circuits.abandoned("step:check");
    expect(circuits.enter("step:check").kind).toBe("allowed");
  });

  test("of the whole system opens when many others are open at a time, refuses everything, and recovers by a probe", async () => {
    const { circuits, clock } = await place();
    failTwice(circuits, "step:a", "worker:b");
    expect(circuits.enter("step:z").kind).toBe("allowed");
    failTwice(circuits, "step:c");
    expect(circuits.enter("step:z")).toMatchObject({ kind: "refused", circuit: "system" });
    await clock.turn(5000);
    expect(circuits.enter("step:z").kind).toBe("allowed");
    circuits.failed("step:z", "still broken");
    expect(circuits.enter("step:y")).toMatchObject({ kind: "refused", circuit: "system" });
    await clock.turn(5000);
    expect(circuits.enter("step:y").kind).toBe("allowed");
    circuits.succeeded("step:y");
    expect(circuits.enter("step:x").kind).toBe("allowed");
  });

  test("that opened long ago do not open the system", async () => {
    const { circuits, clock } = await place();
    failTwice(circuits, "step:a", "step:b");
    await clock.turn(10_001);
    failTwice(circuits, "step:c");
    expect(circuits.enter("step:z").kind).toBe("allowed");
  });

  test("stand after a restart as they stood, and a probe that was under way may be made again", async () => {
    const { circuits, log, clock } = await place();
    failTwice(circuits, "step:a", "step:b", "worker:c");
    await circuits.reset("worker:c", "ada", "repaired");
    await circuits.reset("system", "ada", "repaired");
    await clock.turn(500);
    circuits.succeeded("step:b");
    await circuits.settled();
    const again = (await place(log, clock)).circuits;
    expect(again.list().map(({ circuit, state }) => `${circuit} ${state}`)).toEqual([
      "step:a open",
      "step:b closed",
      "system closed",
      "worker:c closed",
    ]);
    expect(again.enter("step:a").kind).toBe("refused");
    await clock.turn(500);
    again.enter("step:a");
    await again.settled();
    expect((await place(log, clock)).circuits.enter("step:a").kind).toBe("allowed");
  });

  test("are reset by hand, and the history names who did and why", async () => {
    const { circuits } = await place();
    failTwice(circuits, "step:a");
    expect(await circuits.reset("step:a", "ada", "disk replaced")).toMatchObject({ state: "closed", level: "step" });
    expect(circuits.enter("step:a").kind).toBe("allowed");
    expect((await circuits.history(1, "step:a"))[0]).toMatchObject({
      to: "closed",
      by: "ada",
      reason: "disk replaced",
    });
    await expect(circuits.reset("step:never", "ada", "")).rejects.toMatchObject({ fault: { code: "not-found" } });
  });

  test("go on when their log cannot be written, and say so", async () => {
    class FullLog extends MemoryCircuitLog {
      override async append(_change: CircuitChange): Promise<void> {
        raise("disk-full", "the disk is full");
      }
    }
    const { circuits } = await place(new FullLog());
    failTwice(circuits, "step:a");
    expect(circuits.enter("step:a").kind).toBe("refused");
    await expect(circuits.settled()).rejects.toMatchObject({ fault: { code: "disk-full" } });
    expect(circuits.problem).toBeDefined();
  });
});

describe("a worker's gate", () => {
  test("closes after failures in a row and lets one task through when the pause is over", async () => {
    const { circuits, clock } = await place();
    const gate = workerGate(circuits);
    gate.ended("w", "failed", "a");
    gate.ended("w", "returned", "b");
    gate.ended("w", "expired", "c");
    expect(gate.enter("w")).toBe(false);
    expect(gate.enter("other")).toBe(true);
    let mayEnter = false;
    const waiting = gate.mayEnter("w", new AbortController().signal).then(() => {
      mayEnter = true;
    });
    await settled();
    expect(mayEnter).toBe(false);
    await clock.turn(1000);
    await waiting;
    expect([gate.enter("w"), gate.enter("w")]).toEqual([true, false]);
    gate.ended("w", "done", "d");
    expect(gate.enter("w")).toBe(true);
  });

  test("closes on a worker that gives back what it gets time after time, not on one that leaves", async () => {
    const { circuits } = await place();
    const gate = workerGate(circuits);
    for (const task of ["a", "b", "c"]) gate.ended("leaves", "returned", task);
    expect(gate.enter("leaves")).toBe(true);
    gate.ended("leaves", "done", "d");
    gate.ended("leaves", "returned", "e");
    expect(gate.enter("leaves")).toBe(true);
    gate.ended("loops", "returned", "a");
    expect(gate.enter("loops")).toBe(true);
    gate.ended("loops", "returned", "b");
    expect(gate.enter("loops")).toBe(false);
  });

  test("opens at once when its circuit is reset, and stops waiting when nobody waits", async () => {
    const { circuits } = await place();
    const gate = workerGate(circuits);
    failTwice(circuits, "worker:w");
    const waiting = gate.mayEnter("w", new AbortController().signal);
    const stop = new AbortController();
    const stopped = gate.mayEnter("w", stop.signal);
    stop.abort();
    await stopped;
    await circuits.reset("worker:w", "ada", "");
    await waiting;
  });
});

describe("a step", () => {
  test("whose circuit is open is refused in every run, which pauses, and passes when it is closed again", async () => {
    const clock = new ManualClock();
    const circuits = await Circuits.open(new MemoryCircuitLog(), clock, policy);
    let healthy = false;
    const flow = workflow((run) =>
      run.step("shaky", {}, () => (healthy ? 1 : raise("sandbox-failed", "it does not work"))),
    );
    const engine = () => memoryEngine({ circuits, clock, workflows: [flow] });
    const retry = { ...defaultRetry, triesMax: 2 };
    expect((await memoryEngine({ circuits, clock, retry }).start(flow, goal)).result.fault?.code).toBe(
      "sandbox-failed",
    );
    const refused = await engine().start(flow, goal);
    expect(refused.result).toMatchObject({ outcome: "paused", fault: { code: "breaker-open" } });
    expect(refused.result.summary).toContain("step:shaky");
    await circuits.reset("step:shaky", "ada", "repaired");
    healthy = true;
    expect((await engine().start(flow, goal)).result.outcome).toBe("accepted");
    expect(circuits.list()[0]).toMatchObject({ circuit: "step:shaky", state: "closed", failures: 0 });
  });

  test("that is broken off as a probe lets another one be the probe", async () => {
    const { circuits, clock } = await place();
    failTwice(circuits, "step:long");
    await clock.turn(1000);
    const stop = new AbortController();
    const flow = workflow((run) => run.step("long", {}, () => stop.abort()));
    const { result } = await memoryEngine({ circuits }).start(flow, goal, { abort: stop.signal });
    expect(result.fault?.code).toBe("interrupted");
    expect(circuits.enter("step:long").kind).toBe("allowed");
  });
});
