import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultHealBudget, FaultError } from "#domain";
import type { Run, Workflow } from "#engine";
import { MemoryBlobs, MemoryJournal } from "#store";
import { Crash, CrashingJournal, goal, memoryEngine, Village, workflow } from "../../test/support/engine-parts.ts";

/** Work that costs money, in this run or in one of its own with limits of its own, all of it side by side. */
type Work = { kind: "pay"; worst: number; spent: number } | { kind: "child"; limit: number | undefined; works: Work[] };

const { work } = fc.letrec<{ work: Work }>((tie) => ({
  work: fc.oneof(
    { maxDepth: 3 },
    fc
      .record({ worst: fc.integer({ min: 1, max: 30 }), part: fc.nat(100) })
      .map(({ worst, part }): Work => ({ kind: "pay", worst, spent: Math.floor((worst * part) / 100) })),
    fc.record({
      kind: fc.constant("child" as const),
      limit: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
      works: fc.array(tie("work"), { maxLength: 4 }),
    }),
  ),
}));

type World = { paid: number; turn: () => Promise<void> };

async function perform(run: Run, works: readonly Work[], world: World): Promise<void> {
  const branches = works.map((each, index) => async () => {
    await world.turn();
    try {
      await performOne(run, each, `${index}`, world);
    } catch (error) {
      // Who is refused does not keep the others from asking.
      if (!(error instanceof FaultError) || error.fault.code !== "budget-exhausted") throw error;
    }
  });
  await run.all(branches, { concurrency: 8 });
}

async function performOne(run: Run, each: Work, key: string, world: World): Promise<void> {
  if (each.kind === "pay") {
    const reservation = await run.reserve(key, { costMicroUsd: each.worst, requests: 1 });
    await run.step(key, {}, async () => {
      world.paid += each.spent;
      await world.turn();
    });
    return reservation.settle({ costMicroUsd: each.spent, requests: 1 });
  }
  const flow: Workflow = workflow((child) => perform(child, each.works, world));
  const few = { wallMsMax: 1, candidatesMax: 1, attemptsMax: 1 };
  await run.child(key, flow, goal, { ...few, ...(each.limit === undefined ? {} : { costMicroUsdMax: each.limit }) });
}

const crashes = fc.array(fc.record({ at: fc.integer({ min: 2, max: 30 }), kept: fc.boolean() }), { maxLength: 4 });

test("whoever asks when, and whatever dies: all runs of a tree together never pay more than the outermost may", async () => {
  const works = fc.array(work, { minLength: 1, maxLength: 5 });
  const property = fc.asyncProperty(
    works,
    fc.integer({ min: 1, max: 120 }),
    crashes,
    fc.infiniteStream(fc.nat(9)),
    async (parts, limit, deaths, delays) => {
      const turn = async () => {
        for (let n = delays.next().value; n > 0; n--) await Promise.resolve();
      };
      const world: World = { paid: 0, turn };
      const flow = workflow((run) => perform(run, parts, world));
      const [journal, blobs, village] = [new MemoryJournal(), new MemoryBlobs(), new Village()];
      const budget = { ...defaultHealBudget, costMicroUsdMax: limit };
      for (const [life, death] of [...deaths, { at: Number.POSITIVE_INFINITY, kept: true }].entries()) {
        const owner = `life ${life}`;
        const dying = new CrashingJournal(journal, death.at, death.kept);
        const engine = memoryEngine({ journal: dying, blobs, owners: village.owner(owner), workflows: [flow] });
        const known = await engine.newest();
        await (known === undefined ? engine.start(flow, goal, { budget }) : engine.resume(known)).catch((error) => {
          if (!(error instanceof Crash)) throw error;
        });
        village.dead.add(owner);
        expect(world.paid).toBeLessThanOrEqual(limit);
      }
      const engine = memoryEngine({ journal, blobs });
      const run = await engine.newest();
      if (run === undefined) throw new Error("the run was not begun");
      const { state } = await engine.read(run);
      expect(state.spent.costMicroUsd).toBeGreaterThanOrEqual(world.paid);
      expect(state.spent.costMicroUsd).toBeLessThanOrEqual(limit);
    },
  );
  await fc.assert(property, { numRuns: Number(process.env.ASSAY_PROPERTY_RUNS ?? 300) });
});
