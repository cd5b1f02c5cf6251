import { describe, expect, test } from "vitest";
import { z } from "zod";
import { MemoryBlobs, MemoryJournal } from "#store";
import { goal, memoryEngine, workflow } from "../../../test/support/engine-parts.ts";
import { settled, TurnedClock } from "../../../test/support/turned-clock.ts";
import { JournalQueue } from "../queue/journal-queue.ts";
import type { Run } from "../run.ts";
import type { Workflow } from "../workflow.ts";
import type { RunSlot } from "./run-slot.ts";

const coder = { id: "w", role: "coder" as const, capabilities: [] };
const never = new AbortController().signal;
const answer = z.strictObject({ answer: z.number() });

const ask = (run: Run, key = "ask") => run.delegate(key, { kind: "propose", role: "coder", input: {} }, answer);

/** A slot that is given again when the test says so. */
class ScriptedSlot implements RunSlot {
  readonly seen: string[] = [];
  grants = true;
  #wanted: (() => void) | undefined;

  giveBack(): void {
    this.seen.push("given back");
  }

  takeAgain(signal: AbortSignal): Promise<boolean> {
    this.seen.push("wanted");
    return new Promise((resolve) => {
      this.#wanted = () => {
        this.seen.push("granted");
        resolve(true);
      };
      signal.addEventListener("abort", () => {
        this.seen.push("wanted no more");
        resolve(false);
      });
      if (this.grants) this.#wanted();
    });
  }

  grant(): void {
    this.#wanted?.();
  }
}

function place(flow: Workflow) {
  const clock = new TurnedClock();
  const queue = new JournalQueue({ clock });
  const blobs = new MemoryBlobs();
  const engine = memoryEngine({ journal: new MemoryJournal(), blobs, queue, clock, workflows: [flow] });
  const slot = new ScriptedSlot();
  const work = async () => {
    const { offer, token } = (await queue.claim(coder, never)) ?? expect.fail();
    const output = await blobs.put('{"answer":42}');
    return async () => void (await queue.finish(offer.run, offer.task, token, { outcome: "done", output, detail: "" }));
  };
  return {
    engine,
    slot,
    work,
    start: (abort?: AbortSignal) => engine.start(flow, goal, abort ? { slot, abort } : { slot }),
  };
}

/** A run whose result is there, and which waits for its slot. */
async function wanting() {
  const made = place(workflow((run) => ask(run)));
  made.slot.grants = false;
  const stop = new AbortController();
  const end = made.start(stop.signal);
  const finish = await made.work();
  await settled();
  await finish();
  await settled();
  return { ...made, stop, end };
}

describe("a run", () => {
  test("that only waits for workers gives its slot back, and takes it again before it goes on", async () => {
    let wentOn = false;
    const { start, slot, work } = place(
      workflow(async (run) => {
        await run.step("before", {}, () => 1);
        await ask(run);
        await run.step("after", {}, () => {
          wentOn = true;
        });
      }),
    );
    slot.grants = false;
    const end = start();
    const finish = await work();
    await settled();
    expect(slot.seen).toEqual(["given back"]);
    await finish();
    await settled();
    expect(slot.seen).toEqual(["given back", "wanted"]);
    expect(wentOn).toBe(false);
    slot.grant();
    expect((await end).result.outcome).toBe("accepted");
    expect(slot.seen).toEqual(["given back", "wanted", "granted"]);
  });

  test("that does something of its own meanwhile keeps it", async () => {
    const own = Promise.withResolvers<number>();
    const { start, slot, work } = place(
      workflow(async (run) => run.all([() => ask(run), () => run.step("own", {}, () => own.promise)])),
    );
    const end = start();
    const finish = await work();
    await settled();
    expect(slot.seen).toEqual([]);
    own.resolve(1);
    await settled();
    expect(slot.seen).toEqual(["given back"]);
    await finish();
    expect((await end).result.outcome).toBe("accepted");
  });

  test("keeps it between two steps, whoever else waits", async () => {
    const { start, slot, work } = place(
      workflow(async (run) => {
        const asked = ask(run);
        for (let n = 0; n < 20; n++) await run.step(`own-${n}`, {}, () => n);
        await asked;
      }),
    );
    const end = start();
    const finish = await work();
    await settled();
    expect(slot.seen).toEqual(["given back"]);
    await finish();
    await end;
  });

  test("whose parts only wait gives it back, also while a step of it waits for them", async () => {
    const part: Workflow = { ...workflow((run) => ask(run)), name: "part" };
    const { start, slot, work } = place(
      workflow(async (run) => {
        const parts = Promise.all([run.child("a", part, goal, { wallMsMax: 1_000 }), run.child("b", part, goal)]);
        await run.step("both", null, () => run.idle(async () => (await parts).length));
      }),
    );
    const end = start();
    const first = await work();
    await settled();
    expect(slot.seen).toEqual(["given back"]);
    await first();
    await settled();
    expect(slot.seen).toEqual(["given back", "wanted", "granted", "given back"]);
    await (await work())();
    expect((await end).result.outcome).toBe("accepted");
    expect(slot.seen.at(-1)).toBe("granted");
  });

  test("that is interrupted while it waits for its slot stops, and wants none any more", async () => {
    const { slot, stop, end } = await wanting();
    stop.abort();
    expect((await end).result).toMatchObject({ outcome: "paused", fault: { code: "interrupted" } });
    expect(slot.seen).toEqual(["given back", "wanted", "wanted no more"]);
  });

  test("that is cancelled while it waits for its slot ends", async () => {
    const { engine, stop, end } = await wanting();
    await engine.cancel((await engine.newest()) ?? expect.fail());
    stop.abort();
    expect((await end).result.outcome).toBe("cancelled");
  });
});
