import type { CircuitChange } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defaultRetry, raise } from "#domain";
import { MemoryCircuitLog } from "#store";
import { goal, ManualClock, memoryEngine, workflow } from "../../../test/support/engine-parts.ts";
import { settled, TurnedClock } from "../../../test/support/turned-clock.ts";
import { JournalQueue } from "../queue/journal-queue.ts";
import { Circuits } from "./circuits.ts";
import { workerGate } from "./worker-gate.ts";

const policy = {
  step: { failuresMax: 2, coolDownMs: 1000 },
  worker: { failuresMax: 2, coolDownMs: 1000 },
  system: {
    windowMs: 10_000,
    coolDownMs: 5000,
    own: { failuresMin: 3, shareMin: 0.5, runsMin: 2 },
    all: { failuresMin: 6, shareMin: 0.8, runsMin: 2, workersMin: 3 },
  },
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

  test("of the whole system opens when this machine fails several runs, refuses everything, and recovers by a probe", async () => {
    const { circuits, clock } = await place();
    const broken = (run: string) => circuits.tried({ run, infrastructure: "the sandbox does not start" });
    for (let n = 0; n < 9; n++) broken("a");
    expect(circuits.enter("step:z").kind).toBe("allowed");
    broken("b");
    expect(circuits.enter("step:z")).toMatchObject({ kind: "refused", circuit: "system" });
    await clock.turn(5000);
    expect(circuits.enter("step:z").kind).toBe("allowed");
    broken("c");
    expect(circuits.enter("step:y")).toMatchObject({ kind: "refused", circuit: "system" });
    await clock.turn(5000);
    expect(circuits.enter("step:y").kind).toBe("allowed");
    circuits.tried({ run: "d" });
    expect(circuits.enter("step:x").kind).toBe("allowed");
    expect((await circuits.history(9, "system")).at(-1)?.reason).toBe(
      "10 of the last 10 tries failed here: the sandbox does not start",
    );
  });

  test("of the system does not open by what fails for other reasons, long ago, or while most goes well", async () => {
    const { circuits, clock } = await place();
    failTwice(circuits, ...["a", "b", "c", "d", "e", "f"].flatMap((name) => [`step:${name}`, `worker:${name}`]));
    const broken = (run: string) => circuits.tried({ run, infrastructure: "broken" });
    broken("a");
    broken("b");
    await clock.turn(10_001);
    broken("c");
    for (let n = 0; n < 5; n++) circuits.tried({ run: "d" });
    broken("e");
    broken("f");
    expect(circuits.enter("step:z").kind).toBe("allowed");
  });

  test("stand after a restart as they stood, and a probe that was under way may be made again", async () => {
    const { circuits, log, clock } = await place();
    failTwice(circuits, "step:a", "step:b", "worker:c");
    for (const run of ["a", "b", "c"]) circuits.tried({ run, infrastructure: "no disk" });
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

const task = { run: "heal-1", task: "t", expiredElsewhere: false };

describe("a worker's gate", () => {
  test("leaves the system alone when the leases of many workers expire and other work goes well", async () => {
    const circuits = await Circuits.open(new MemoryCircuitLog(), new TurnedClock());
    const gate = workerGate(circuits);
    for (const worker of ["a", "b", "c", "d", "e"]) {
      for (const run of ["1", "2", "3"]) gate.ended(worker, "expired", { ...task, run });
    }
    expect(circuits.list("worker").map(({ state }) => state)).toEqual(["open", "open", "open", "open", "open"]);
    expect(circuits.enter("step:own").kind).toBe("allowed");
  });

  test("tells of leases that expire nearly everywhere, in many runs, so that the system pauses", async () => {
    const { circuits } = await place();
    const gate = workerGate(circuits);
    for (const worker of ["a", "b", "c"]) {
      gate.ended(worker, "expired", { ...task, run: "1" });
      expect(circuits.enter("step:own").kind).toBe("allowed");
      gate.ended(worker, "expired", { ...task, run: "2" });
    }
    expect(circuits.enter("step:own")).toMatchObject({ kind: "refused", circuit: "system" });
  });

  test("holds a task that workers are lost with against the first of them alone", async () => {
    const { circuits } = await place();
    const gate = workerGate(circuits);
    for (let n = 0; n < 9; n++) gate.ended("w", "expired", { ...task, expiredElsewhere: true });
    expect(gate.enter("w")).toBe(true);
    expect(circuits.list("worker")).toEqual([]);
  });

  test("closes after failures in a row and lets one task through when the pause is over", async () => {
    const { circuits, clock } = await place();
    const gate = workerGate(circuits);
    gate.ended("w", "failed", task);
    gate.ended("w", "returned", task);
    gate.ended("w", "expired", task);
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
    gate.ended("w", "done", task);
    expect(gate.enter("w")).toBe(true);
  });

  test("closes on a worker that gives back what it gets time after time, not on one that leaves", async () => {
    const { circuits } = await place();
    const gate = workerGate(circuits);
    for (const name of ["a", "b", "c"]) gate.ended("leaves", "returned", { ...task, task: name });
    expect(gate.enter("leaves")).toBe(true);
    gate.ended("leaves", "done", task);
    gate.ended("leaves", "returned", task);
    expect(gate.enter("leaves")).toBe(true);
    gate.ended("loops", "returned", task);
    expect(gate.enter("loops")).toBe(true);
    gate.ended("loops", "returned", task);
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
    expect(refused.result.fault?.circuit).toBe("step:shaky");
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

describe("work for workers", () => {
  test("of which nobody brings anything counts against its kind of step", async () => {
    const clock = new TurnedClock();
    const circuits = await Circuits.open(new MemoryCircuitLog(), clock, policy);
    const queue = new JournalQueue({ clock, gate: workerGate(circuits) });
    const flow = workflow((run) =>
      run.delegate("shaky", { kind: "propose", role: "coder", input: {}, leaseMs: 100, triesMax: 2 }, z.unknown()),
    );
    const engine = memoryEngine({ circuits, clock, queue });
    const never = new AbortController().signal;
    for (const round of [1, 2]) {
      const end = engine.start(flow, goal);
      for (const worker of ["a", "b"]) {
        await queue.claim({ id: `${worker}${round}`, role: "coder", capabilities: [] }, never);
        await clock.turn(100);
      }
      expect(JSON.parse((await end).result.summary)).toMatchObject({ kind: "failed", attempts: 2 });
    }
    expect((await engine.start(flow, goal)).result.fault).toMatchObject({
      code: "breaker-open",
      circuit: "step:shaky",
    });
    expect(circuits.list("worker").map(({ circuit, failures }) => [circuit, failures])).toEqual([
      ["worker:a1", 1],
      ["worker:a2", 1],
    ]);
  });
});

describe("a disk that is full", () => {
  test("opens the system's circuit when it stops several runs", async () => {
    const clock = new ManualClock();
    const circuits = await Circuits.open(new MemoryCircuitLog(), clock, policy);
    const flow = workflow((run) => run.step("write", {}, () => raise("disk-full", "no space is left")));
    for (let n = 0; n < 3; n++) {
      expect((await memoryEngine({ circuits, clock }).start(flow, goal)).result.fault?.code).toBe("disk-full");
    }
    expect((await memoryEngine({ circuits, clock }).start(flow, goal)).result.fault).toMatchObject({
      code: "breaker-open",
      circuit: "system",
    });
  });
});
