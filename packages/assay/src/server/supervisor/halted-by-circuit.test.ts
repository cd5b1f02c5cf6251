import { describe, expect, test } from "vitest";
import type { LocalProject } from "#app";
import { defaultRetry, type RunId, raise } from "#domain";
import { Circuits } from "#engine";
import { MemoryCircuitLog, MemoryJournal } from "#store";
import { goal, memoryEngine, workflow } from "../../../test/support/engine-parts.ts";
import { MapSettings } from "../../../test/support/map-settings.ts";
import { settled, TurnedClock } from "../../../test/support/turned-clock.ts";
import type { DriveRequest } from "./drive.ts";
import { Drives } from "./drives.ts";
import { TenantDesk, type TenantDeskParts } from "./tenant-desk.ts";

type Options = Parameters<LocalProject["resume"]>[1];

/** A step that fails until it is mended, in a project whose daemon is started again and again. */
async function place() {
  const clock = new TurnedClock();
  const circuits = await Circuits.open(new MemoryCircuitLog(), clock, {
    step: { failuresMax: 2, coolDownMs: 1000 },
    worker: { failuresMax: 2, coolDownMs: 1000 },
    system: {
      windowMs: 1000,
      coolDownMs: 1000,
      own: { failuresMin: 99, shareMin: 1, runsMin: 99 },
      all: { failuresMin: 99, shareMin: 1, runsMin: 99, workersMin: 9 },
    },
  });
  const world = { mended: false };
  const flow = workflow((run) =>
    run.step("shaky", {}, () => (world.mended ? "well" : raise("model-unreachable", "it does not answer"))),
  );
  const journal = new MemoryJournal();
  const engine = memoryEngine({ journal, circuits, clock, workflows: [flow], retry: { ...defaultRetry, triesMax: 1 } });
  const asked: [RunId, DriveRequest][] = [];
  const project = {
    tenant: "default",
    engine,
    journal,
    resume: async (run: RunId, { signal, onEvent, onProgress: _, slot: _slot, ...request }: Options) => {
      asked.push([run, request]);
      const { result } = await engine.resume(run, {
        ...(signal === undefined ? {} : { abort: signal }),
        ...(onEvent === undefined ? {} : { onEvent }),
      });
      return { runId: run, result };
    },
  } as unknown as LocalProject;
  const settings = new MapSettings();
  const open = () => {
    const drives = new Drives({ runsMax: 9, queuedMax: 9 });
    const parts = {
      project,
      drives,
      settings,
      stopped: () => undefined,
      circuits,
    } as unknown as TenantDeskParts<LocalProject>;
    return new TenantDesk(parts);
  };
  const begin = async (desk: TenantDesk) => {
    const run = await engine.create(flow, goal);
    await desk.resume(run, {});
    await settled();
    return run;
  };
  const stateOf = async (run: Awaited<ReturnType<typeof begin>>) => {
    await settled();
    const { status, fault } = (await engine.read(run)).state;
    return fault === undefined ? status : `${status} by ${fault.circuit ?? fault.code}`;
  };
  return { clock, circuits, world, open, begin, stateOf, asked, settings };
}

describe("runs that a circuit halted", () => {
  test("go on when it is closed by hand, and those that failed themselves do not", async () => {
    const { circuits, world, open, begin, stateOf } = await place();
    using desk = open();
    const [first, second, third] = [await begin(desk), await begin(desk), await begin(desk)];
    expect(await stateOf(first)).toBe("paused by model-unreachable");
    expect(await stateOf(third)).toBe("paused by step:shaky");
    world.mended = true;
    await circuits.reset("step:shaky", "ada", "the provider is back");
    expect(await stateOf(third)).toBe("finished");
    expect(await stateOf(second)).toBe("paused by model-unreachable");
  });

  test("go on after the pause, the first as the probe", async () => {
    const { clock, world, open, begin, stateOf } = await place();
    using desk = open();
    await begin(desk);
    await begin(desk);
    const halted = [await begin(desk), await begin(desk)];
    world.mended = true;
    await clock.turn(1000);
    expect(await Promise.all(halted.map(stateOf))).toEqual(["finished", "finished"]);
  });

  test("go on after the daemon was started again", async () => {
    const { circuits, world, open, begin, stateOf } = await place();
    const before = open();
    await begin(before);
    await begin(before);
    const halted = await begin(before);
    before[Symbol.dispose]();
    world.mended = true;
    await circuits.reset("step:shaky", "ada", "the provider is back");
    expect(await stateOf(halted)).toBe("paused by step:shaky");
    using desk = open();
    expect(await desk.takeUp()).toBe(0);
    expect(await stateOf(halted)).toBe("finished");
  });

  test("go on once, with what was acknowledged, where their circuit was closed before the daemon started again", async () => {
    const { circuits, world, open, begin, stateOf, asked, settings } = await place();
    const before = open();
    await begin(before);
    await begin(before);
    const [halted, other] = [await begin(before), await begin(before)];
    before[Symbol.dispose]();
    // As it is written down, before it is claimed.
    settings.values.set("resumes", JSON.stringify([{ run: halted, after: 99, request: { usdMax: 5 } }]));
    world.mended = true;
    await circuits.reset("step:shaky", "ada", "the provider is back");
    asked.length = 0;
    using desk = open();
    expect(await desk.takeUp()).toBe(1);
    expect(await Promise.all([halted, other].map(stateOf))).toEqual(["finished", "finished"]);
    expect(asked).toEqual([
      [halted, { usdMax: 5 }],
      [other, {}],
    ]);
  });

  test("are applied at their end as was asked for, in this process and in the next one", async () => {
    const { circuits, world, open, begin, asked, settings } = await place();
    const before = open();
    await begin(before);
    await begin(before);
    const halted = await begin(before);
    await before.resume(halted, { usdMax: 5, apply: true });
    await settled();
    // What is refused changes nothing.
    await expect(before.interrupt(halted)).rejects.toMatchObject({ fault: { code: "usage" } });
    before[Symbol.dispose]();
    using desk = open();
    expect(await desk.takeUp()).toBe(0);
    expect(settings.values.get("resumes")).toContain(halted);
    asked.length = 0;
    world.mended = true;
    await circuits.reset("step:shaky", "ada", "the provider is back");
    await settled();
    expect(asked).toEqual([[halted, { apply: true }]]);
    expect(settings.values.size).toBe(0);
  });

  test("go on by their circuit where a resume came to nothing meanwhile", async () => {
    const { circuits, world, open, begin, stateOf, settings } = await place();
    using desk = open();
    await begin(desk);
    await begin(desk);
    const halted = await begin(desk);
    world.mended = true;
    const writing = Promise.withResolvers<void>();
    settings.writing = writing.promise;
    settings.fails = () => raise("disk-full", "no space");
    const resumed = desk.resume(halted, { usdMax: 5 });
    await settled();
    await circuits.reset("step:shaky", "ada", "the provider is back");
    expect(await stateOf(halted)).toBe("paused by step:shaky");
    writing.resolve();
    await expect(resumed).rejects.toMatchObject({ fault: { code: "disk-full" } });
    expect(await stateOf(halted)).toBe("finished");
  });
});
