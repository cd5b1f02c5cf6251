import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defaultHealBudget, FaultError, fault } from "#domain";
import { MemoryBlobs, MemoryJournal } from "#store";
import { accepted, goal, memoryEngine } from "../../test/support/engine-parts.ts";
import { settled, TurnedClock } from "../../test/support/turned-clock.ts";
import { JournalQueue } from "./queue/journal-queue.ts";
import type { Run } from "./run.ts";
import type { Workflow } from "./workflow.ts";

const answer = z.strictObject({ answer: z.number() });
const coder = { id: "w", role: "coder" as const, capabilities: [] };
const never = new AbortController().signal;

const askingFor = (schema: z.ZodType): Workflow => ({
  name: "heal",
  version: 1,
  run: async (run: Run) =>
    accepted(
      await run.task("ask", (task) =>
        task.delegate("it", { kind: "propose", role: "coder", input: { question: "?" }, leaseMs: 1000 }, schema),
      ),
    ),
});
const asking = askingFor(answer);

function place(journal = new MemoryJournal(), blobs = new MemoryBlobs(), schema: z.ZodType = answer) {
  const asked = askingFor(schema);
  const clock = new TurnedClock();
  const queue = new JournalQueue({ clock });
  return {
    asked,
    clock,
    journal,
    blobs,
    queue,
    engine: memoryEngine({ journal, blobs, queue, clock, workflows: [asked] }),
  };
}

describe("delegated work", () => {
  test("reaches a worker as a document, and its output comes back parsed", async () => {
    const { engine, queue, blobs } = place();
    const end = engine.start(asking, goal);
    const claim = (await queue.claim(coder, never)) ?? expect.fail();
    expect(claim.offer).toMatchObject({ task: "ask/it", kind: "propose", role: "coder", leaseMs: 1000, triesMax: 3 });
    const input = (await blobs.get(claim.offer.input)) ?? expect.fail();
    expect(JSON.parse(new TextDecoder().decode(input))).toEqual({ question: "?" });
    const output = await blobs.put('{"answer":42}');
    await queue.finish(claim.offer.run, "ask/it", claim.token, { outcome: "done", output, detail: "" });
    expect(JSON.parse((await end).result.summary)).toMatchObject({
      kind: "done",
      value: { answer: 42 },
      worker: "w",
      token: claim.token,
    });
  });

  test("is not done again when the run is taken up after it", async () => {
    const { journal, blobs, queue, engine } = place();
    const stop = new AbortController();
    const twoSteps: Workflow = {
      ...asking,
      run: async (run: Run) => {
        const first = await asking.run(run, goal);
        await run.signal("go", z.unknown());
        return first;
      },
    };
    const end = engine.start(twoSteps, goal, { abort: stop.signal });
    const claim = (await queue.claim(coder, never)) ?? expect.fail();
    const output = await blobs.put('{"answer":1}');
    await queue.finish(claim.offer.run, "ask/it", claim.token, { outcome: "done", output, detail: "" });
    const { run } = await end;
    const later = memoryEngine({ journal, blobs, workflows: [twoSteps] });
    await later.signal(run, "go", 1);
    expect((await later.resume(run)).result.summary).toContain('"answer":1');
  });

  test("with an output that is not what was asked for is offered again, and fails when the tries are used up", async () => {
    const { engine, queue, blobs } = place();
    const end = engine.start(asking, goal);
    const outputs = [await blobs.put('{"answer":"x"}'), await blobs.put("not json"), undefined];
    for (const output of outputs) {
      const { offer, token } = (await queue.claim(coder, never)) ?? expect.fail();
      const result = { outcome: "done" as const, detail: "", ...(output === undefined ? {} : { output }) };
      expect(await queue.finish(offer.run, offer.task, token, result)).toBe("refused");
    }
    expect(JSON.parse((await end).result.summary)).toMatchObject({ kind: "failed", attempts: 3 });
  });

  test("with an output that cannot be recorded is offered again, whatever its schema lets through", async () => {
    const { engine, queue, blobs, asked } = place(undefined, undefined, z.object({ answer: z.unknown() }));
    const end = engine.start(asked, goal);
    const deep = `{"answer":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    for (const text of ['{"answer":"\\ud800"}', '{"answer":{"\\udc00":1}}', deep]) {
      const { offer, token } = (await queue.claim(coder, never)) ?? expect.fail();
      const result = { outcome: "done" as const, detail: "", output: await blobs.put(text) };
      expect(await queue.finish(offer.run, offer.task, token, result)).toBe("refused");
    }
    expect((await end).recorded).toBe(true);
    expect(JSON.parse((await end).result.summary)).toMatchObject({ kind: "failed", attempts: 3 });
  });

  test("pauses the run where no workers are served, and goes on where they are", async () => {
    const { journal, blobs, queue, engine } = place();
    const alone = memoryEngine({ journal, blobs, workflows: [asking] });
    const { run, result } = await alone.start(asking, goal);
    expect(result).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "stopped" } });
    expect(result.summary).toContain("assay serve");
    const end = engine.resume(run);
    const claim = (await queue.claim(coder, never)) ?? expect.fail();
    await queue.finish(run, "ask/it", claim.token, { outcome: "failed", detail: "cannot be done" });
    expect(JSON.parse((await end).result.summary)).toMatchObject({
      kind: "failed",
      detail: "cannot be done",
      attempts: 1,
    });
  });

  test("is stopped with its run: the claim is void, the run says why it stopped and can be resumed", async () => {
    const { journal, engine, queue } = place();
    const stop = new AbortController();
    const end = engine.start(asking, goal, { abort: stop.signal });
    const claim = (await queue.claim(coder, never)) ?? expect.fail();
    stop.abort(new FaultError(fault("stopped", "everything was stopped by ada")));
    const { run, result } = await end;
    expect(result).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "stopped" } });
    expect(await queue.heartbeat(run, "ask/it", claim.token)).toEqual({ kind: "lost" });
    expect((await journal.read(run)).map(({ type }) => type)).toEqual([
      "run-started",
      "lease-claimed",
      "task-queued",
      "task-claimed",
      "task-released",
      "run-paused",
    ]);
    const again = engine.resume(run);
    const next = (await queue.claim(coder, never)) ?? expect.fail();
    expect(next.attempt).toBe(2);
    expect(next.token).toBeGreaterThan(claim.token);
    await queue.finish(run, "ask/it", next.token, { outcome: "failed", detail: "no" });
    expect((await again).result.outcome).toBe("accepted");
  });

  test("goes on with its worker after the daemon died", async () => {
    const before = place();
    void before.engine.start(asking, goal).catch(() => undefined);
    const claim = (await before.queue.claim(coder, never)) ?? expect.fail();
    const { engine, queue, clock, blobs } = place(before.journal, before.blobs);
    const end = engine.resume(claim.offer.run);
    await settled();
    await clock.turn(900);
    const output = await blobs.put('{"answer":7}');
    const result = { outcome: "done" as const, output, detail: "" };
    expect(await queue.finish(claim.offer.run, "ask/it", claim.token, result)).toBe("finished");
    expect((await end).result.summary).toContain('"answer":7');
  });
});

describe("delegated work that somebody has", () => {
  test("ends with the run's time, heard of or not, and its token is void", async () => {
    const { engine, queue, clock } = place();
    const end = engine.start(asking, goal, { budget: { ...defaultHealBudget, wallMsMax: 2_500 } });
    const { offer, token } = (await queue.claim(coder, never)) ?? expect.fail();
    for (let n = 0; n < 3; n++) {
      expect(await queue.heartbeat(offer.run, "ask/it", token)).toMatchObject({ kind: "held" });
      await clock.turn(800);
    }
    await clock.turn(100);
    const said = JSON.parse((await end).result.summary);
    expect(said).toMatchObject({ kind: "failed", attempts: 1 });
    expect(said.detail).toBe("no worker brought a result in 2500 ms; worker w had it");
    expect(await queue.heartbeat(offer.run, "ask/it", token)).toEqual({ kind: "lost" });
    const events = (await engine.read(offer.run)).events.map((event) => event.type);
    expect(events.slice(-4)).toEqual(["task-released", "task-finished", "step-finished", "result"]);
  });

  test("is not offered where the run has no time left", async () => {
    const { engine, clock } = place();
    const late: Workflow = {
      ...asking,
      run: async (run, of) => {
        await run.sleep("long", 1_000);
        return asking.run(run, of);
      },
    };
    const end = engine.start(late, goal, { budget: { ...defaultHealBudget, wallMsMax: 1_000 } });
    await settled();
    await clock.turn(1_000);
    expect((await end).result).toMatchObject({ outcome: "paused", fault: { code: "budget-exhausted" } });
  });
});
