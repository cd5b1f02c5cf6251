import { describe, expect, test } from "vitest";
import { raise } from "#domain";
import { MemoryJournal } from "#store";
import { goal, memoryEngine, Village, workflow } from "../../test/support/engine-parts.ts";

describe("a lease", () => {
  test("is refused while its owner lives and taken at once when it is dead", async () => {
    const village = new Village();
    const journal = new MemoryJournal();
    const release = Promise.withResolvers<void>();
    const flow = workflow((run) => run.step("long", {}, () => release.promise));
    const a = memoryEngine({ journal, workflows: [flow], owners: village.owner("a") });
    const b = memoryEngine({ journal, workflows: [flow], owners: village.owner("b") });
    const started = a.start(flow, goal);
    await new Promise(setImmediate);
    const [{ run } = raise("defect", "no run")] = await journal.runs();
    const fault = { code: "run-locked", message: expect.stringContaining("process a") };
    await expect(b.resume(run)).rejects.toMatchObject({ fault });
    await expect(a.resume(run)).rejects.toMatchObject({ fault: { code: "run-locked" } });
    village.dead.add("a");
    release.resolve();
    const taken = b.resume(run);
    const ends = await Promise.all([started, taken]);
    expect(ends.map(({ result }) => result.fault?.code).toSorted()).toContain("run-locked");
    expect((await a.read(run)).state).toMatchObject({ status: "finished", owner: "b" });
  });

  test("is given once by one engine, however many resume the run there at the same time", async () => {
    const journal = new MemoryJournal();
    const release = Promise.withResolvers<void>();
    const waiting = workflow(() => raise("waiting-for-signal", "not yet"));
    const flow = workflow((run) => run.step("long", {}, () => release.promise));
    const engine = memoryEngine({ journal });
    const { run } = await engine.start(waiting, goal);
    const resumed = [1, 2, 3].map(() => engine.resume(run, { workflow: flow }));
    const refused = await Promise.allSettled(resumed.slice(1));
    for (const each of refused) {
      expect(each).toMatchObject({ status: "rejected", reason: { fault: { code: "run-locked" } } });
    }
    // Still while the first one executes it.
    await expect(engine.resume(run, { workflow: flow })).rejects.toMatchObject({ fault: { code: "run-locked" } });
    release.resolve();
    expect((await resumed[0])?.result.outcome).toBe("accepted");
    expect((await journal.read(run)).filter(({ type }) => type === "lease-claimed")).toHaveLength(2);
  });

  test("that was taken by force makes its first owner stop without another word in the journal", async () => {
    const village = new Village();
    const journal = new MemoryJournal();
    const release = Promise.withResolvers<void>();
    const executed: string[] = [];
    const flow = (name: string) =>
      workflow(async (run) => {
        const who = await run.step("who", {}, async () => {
          executed.push(name);
          if (name === "a") await release.promise;
          return name;
        });
        await run.step("after", { who }, () => void executed.push(`${name} after`));
        return who;
      });
    const a = memoryEngine({ journal, owners: village.owner("a"), pollMs: 60_000 });
    const b = memoryEngine({ journal, owners: village.owner("b") });
    const started = a.start(flow("a"), goal);
    await new Promise(setImmediate);
    const [{ run } = raise("defect", "no run")] = await journal.runs();
    const end = await b.resume(run, { workflow: flow("b"), force: true });
    expect(end.result).toMatchObject({ outcome: "accepted", summary: '"b"' });
    release.resolve();
    expect((await started).result).toMatchObject({ summary: '"b"' });
    expect(executed).toEqual(["a", "b", "b after"]);
    expect((await b.read(run)).events.at(-1)).toMatchObject({ type: "result", seq: end.seq });
  });
});
