import type { RunEvent } from "@assay/sdk";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FaultError, raise } from "#domain";
import type { Run } from "#engine";
import { MemoryBlobs, MemoryJournal } from "#store";
import { Crash, CrashingJournal, goal, memoryEngine, Village, workflow } from "../../test/support/engine-parts.ts";
import { bodyDigest } from "./history.ts";

/** A workflow as data: what it does, in order or side by side. */
type Part =
  | { kind: "step" }
  | { kind: "emit"; message: string }
  | { kind: "reserve"; candidates: number }
  | { kind: "failing-step" }
  | { kind: "all"; parts: Part[] }
  | { kind: "task"; parts: Part[] };

const { program } = fc.letrec<{ part: Part; program: Part[] }>((tie) => ({
  program: fc.array(tie("part"), { maxLength: 4 }),
  part: fc.oneof(
    { maxDepth: 3 },
    fc.constant<Part>({ kind: "step" }),
    fc.record({ kind: fc.constant("emit" as const), message: fc.constantFrom("a", "b") }),
    fc.record({ kind: fc.constant("reserve" as const), candidates: fc.nat(9) }),
    fc.constant<Part>({ kind: "failing-step" }),
    fc.record({ kind: fc.constant("all" as const), parts: tie("program") }),
    fc.record({ kind: fc.constant("task" as const), parts: tie("program") }),
  ),
}));

const crashes = fc.array(fc.record({ at: fc.integer({ min: 1, max: 9 }), kept: fc.boolean() }), { maxLength: 6 });

/** Runs the program; each step's result tells how often its function was called, so that a repeated step would show. */
async function perform(run: Run, parts: readonly Part[], calls: Map<string, number>, place = "p"): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const [index, part] of parts.entries()) {
    const here = `${place}-${index}`;
    results.push(await performPart(run, part, calls, here));
  }
  return results;
}

async function performPart(run: Run, part: Part, calls: Map<string, number>, here: string): Promise<unknown> {
  const call = () => {
    calls.set(here, (calls.get(here) ?? 0) + 1);
    return `${here} call ${calls.get(here)}`;
  };
  switch (part.kind) {
    case "step":
      return run.step(here, { here }, call);
    case "failing-step":
      return run
        .step(here, { here }, () => raise("patch-rejected", call()))
        .catch((error) => (error instanceof FaultError ? error.fault.message : Promise.reject(error)));
    case "emit":
      return run.emit({ type: "note", level: "info", message: part.message });
    case "reserve": {
      const reservation = await run.reserve(here, { candidates: 10 });
      const spent = await run.step(here, {}, () => part.candidates);
      return reservation.settle({ candidates: spent });
    }
    case "all":
      return run.all(part.parts.map((inner, index) => () => performPart(run, inner, calls, `${here}-${index}`)));
    case "task":
      return run.task(here, (task) => perform(task, part.parts, calls, here));
  }
}

/** What a run did, apart from when and by whom: sorted, since branches may finish in any order. */
function deeds(events: readonly RunEvent[]): string[] {
  return events
    .filter(({ type }) => type !== "lease-claimed" && type !== "run-paused" && type !== "run-started")
    .map((event) => {
      if (event.type === "result") return "result";
      return event.type === "step-finished" ? `step ${event.key}` : bodyDigest(event);
    })
    .toSorted();
}

function resultsByKey(events: readonly RunEvent[]): Record<string, unknown> {
  return Object.fromEntries(
    events.flatMap((event) => (event.type === "step-finished" ? [[event.key, event.result]] : [])),
  );
}

test("a run that crashed at any appends ends as if it had not: same deeds, each once, recorded results kept", async () => {
  const property = fc.asyncProperty(program, crashes, async (parts, planned) => {
    const calm = memoryEngine();
    const calmEnd = await calm.start(
      workflow((run) => perform(run, parts, new Map())),
      goal,
    );
    const expected = deeds((await calm.read(calmEnd.run)).events);

    const journal = new MemoryJournal();
    const blobs = new MemoryBlobs();
    const village = new Village();
    const calls = new Map<string, number>();
    const flow = workflow((run) => perform(run, parts, calls));
    let before: Record<string, unknown> = {};
    let summary: string | undefined;
    for (const [life, crash] of [...planned, { at: Number.POSITIVE_INFINITY, kept: false }].entries()) {
      const dying = new CrashingJournal(journal, crash.at, crash.kept);
      const owner = `life ${life}`;
      const engine = memoryEngine({ journal: dying, blobs, owners: village.owner(owner), workflows: [flow] });
      const [known] = await journal.runs();
      const end = await (known === undefined ? engine.start(flow, goal) : engine.resume(known.run)).catch((error) => {
        if (!(error instanceof Crash)) throw error;
      });
      village.dead.add(owner);
      const events = known === undefined ? [] : await journal.read(known.run);
      const now = resultsByKey(events);
      expect(now).toMatchObject(before);
      before = now;
      if (end !== undefined && !dying.crashed) summary = end.result.summary;
    }
    const [known] = await journal.runs();
    const events = known === undefined ? [] : await journal.read(known.run);
    expect(deeds(events)).toEqual(expected);
    expect(events.at(-1)).toMatchObject({ type: "result", summary });
    // What the workflow returned is made of the recorded results and of nothing else.
    for (const [, result] of Object.entries(resultsByKey(events))) {
      const { value, fault } = result as { value?: unknown; fault?: { message: string } };
      if (typeof value === "string") expect(summary).toContain(value);
      if (fault !== undefined) expect(summary).toContain(fault.message);
    }
  });
  await fc.assert(property, { numRuns: Number(process.env.ASSAY_PROPERTY_RUNS ?? 300) });
});

test("of two executors of one run only one ever writes after the other's claim, wherever the claim falls", async () => {
  const property = fc.asyncProperty(program, fc.nat(12), async (parts, turns) => {
    const journal = new MemoryJournal();
    const blobs = new MemoryBlobs();
    const village = new Village();
    const flow = workflow((run) => perform(run, parts, new Map()));
    const first = memoryEngine({ journal, blobs, owners: village.owner("first"), workflows: [flow] });
    const second = memoryEngine({ journal, blobs, owners: village.owner("second"), workflows: [flow] });
    const starting = first.start(flow, goal);
    while ((await journal.runs()).length === 0) await Promise.resolve();
    for (let turn = 0; turn < turns * 5; turn++) await Promise.resolve();
    const [known] = await journal.runs();
    if (known === undefined) throw new Error("the run was not begun");
    const [firstEnd, secondEnd] = await Promise.all([starting, second.resume(known.run, { force: true })]);
    const { events } = await first.read(known.run);
    expect(secondEnd.result.outcome).toBe("accepted");
    expect(["accepted", "paused"]).toContain(firstEnd.result.outcome);
    expect(events.filter(({ type }) => type === "result")).toHaveLength(1);
    expect(events.some(({ type }) => type === "run-paused")).toBe(false);
    expect(new Set(deeds(events).filter((deed) => deed.startsWith("step"))).size).toBe(
      deeds(events).filter((deed) => deed.startsWith("step")).length,
    );
  });
  await fc.assert(property, { numRuns: 200 });
});
