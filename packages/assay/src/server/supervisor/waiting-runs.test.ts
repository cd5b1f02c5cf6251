import { expect, test } from "vitest";
import { z } from "zod";
import { JournalQueue, type Run } from "#engine";
import { MemoryBlobs } from "#store";
import { accepted, goal, memoryEngine, workflow } from "../../../test/support/engine-parts.ts";
import { TurnedClock } from "../../../test/support/turned-clock.ts";
import { Drive, type DrivenProject } from "./drive.ts";
import { Drives } from "./drives.ts";

const coder = { id: "w", role: "coder" as const, capabilities: [] };
const runs = 8;

test("all runs end that wait for workers, alone and in parts, though one alone may do something at a time", async () => {
  const clock = new TurnedClock();
  const blobs = new MemoryBlobs();
  const queue = new JournalQueue({ clock });
  const output = await blobs.put("{}");
  const busy = new Set<string>();
  let together = 0;
  let waiting = 0;
  const own = (run: Run, root: string, key: string) =>
    run.step(key, {}, async () => {
      busy.add(root);
      together = Math.max(together, busy.size);
      await new Promise(setImmediate);
      busy.delete(root);
    });
  const ask = (run: Run, key: string) => run.delegate(key, { kind: "propose", role: "coder", input: {} }, z.object({}));
  const flow = workflow(async (run) => {
    const part = workflow(async (inner) => {
      await own(inner, run.id, "before");
      await ask(inner, "asked");
      await own(inner, run.id, "after");
    });
    await own(run, run.id, "begin");
    await Promise.all([run.child("part", part, goal), ask(run, "here").then(() => own(run, run.id, "between"))]);
    await own(run, run.id, "end");
  });
  const engine = memoryEngine({ blobs, queue, clock, workflows: [flow] });
  const project: DrivenProject = {
    tenant: "default",
    resume: async (run, { signal, slot }) => {
      const options = { ...(signal === undefined ? {} : { abort: signal }), ...(slot === undefined ? {} : { slot }) };
      return { runId: run, result: (await engine.resume(run, options)).result };
    },
  };
  const drives = new Drives({ runsMax: 1, queuedMax: runs });
  const stop = new AbortController();
  const working = (async () => {
    for (;;) {
      const claim = await queue.claim(coder, stop.signal);
      if (claim === undefined) return;
      // Not before the others wait too.
      for (let n = 0; n < 20; n++) await new Promise(setImmediate);
      waiting = Math.max(waiting, drives.all().filter(({ state }) => state === "running").length);
      await queue.finish(claim.offer.run, claim.offer.task, claim.token, { outcome: "done", output, detail: "" });
    }
  })();
  const begun = [];
  for (let n = 0; n < runs; n++) begun.push(await engine.create(flow, goal));
  for (const run of begun) drives.add(new Drive(project, run, {}));
  await drives.settled();
  stop.abort();
  await working;
  for (const run of begun) expect((await engine.read(run)).state.result).toMatchObject(accepted(undefined));
  expect(together).toBe(1);
  expect(waiting).toBeGreaterThan(1);
  expect(drives.depth).toEqual({ queued: 0, running: 0 });
});
