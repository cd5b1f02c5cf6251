import type { Digest, RunEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { FaultError, fault, type RunId, runId } from "#domain";
import type { TaskOffer } from "#ports";
import { MemoryJournal } from "#store";
import { Village } from "../../../test/support/engine-parts.ts";
import { settled, TurnedClock } from "../../../test/support/turned-clock.ts";
import { workQueueContract } from "../../ports/work-queue.contract.ts";
import { RunWriter } from "../run-writer.ts";
import { JournalQueue } from "./journal-queue.ts";
import { isTaskEvent, joiningAppends, type TaskEvent, type TaskPen } from "./task-pen.ts";

const run = runId("plan-00000001");
const input = `sha256:${"a".repeat(64)}` as Digest;
const offer: TaskOffer = {
  run,
  task: "t",
  kind: "propose",
  role: "coder",
  capabilities: [],
  input,
  leaseMs: 1000,
  triesMax: 3,
};
const coder = { id: "w", role: "coder" as const, capabilities: [] };
const never = new AbortController().signal;

/** What an execution has: a writer, and the history that it keeps. */
async function penOn(journal: MemoryJournal, of: RunId): Promise<TaskPen & { writer: RunWriter }> {
  const events = await journal.read(of);
  const writer = new RunWriter({
    journal,
    owners: new Village().owner("a"),
    run: of,
    lastSeq: events.at(-1)?.seq ?? 0,
    onEvent: (event) => events.push(event),
  });
  let nth = 0;
  const name = `${events.length}`;
  return {
    writer,
    history: (task) => events.filter((event): event is TaskEvent => isTaskEvent(event) && event.task === task),
    append: joiningAppends((bodies) => writer.append(bodies, `${name}:${nth++}`)),
  };
}

workQueueContract("JournalQueue", async (runs) => {
  const clock = new TurnedClock();
  const queue = new JournalQueue({ clock });
  const journal = new MemoryJournal();
  const lent = await Promise.all(runs.map(async (of) => queue.lend(of, await penOn(journal, of))));
  return {
    queue,
    pass: (ms) => clock.turn(ms),
    [Symbol.asyncDispose]: async () => {
      for (const pen of lent) pen[Symbol.dispose]();
      await settled();
      expect(clock.sleeping).toBe(0);
    },
  };
});

async function place() {
  const clock = new TurnedClock();
  const journal = new MemoryJournal();
  const queue = new JournalQueue({ clock });
  const pen = await penOn(journal, run);
  return {
    clock,
    journal,
    queue,
    pen,
    lent: queue.lend(run, pen),
    types: async () => typesOf(await journal.read(run)),
  };
}

function typesOf(events: readonly RunEvent[]): string[] {
  return events.map((event) => (event.type === "task-released" ? `released: ${event.reason}` : event.type));
}

describe("the journal", () => {
  test("has everything before anybody is told, and the claim's place is its token", async () => {
    const { queue, journal, types } = await place();
    const end = queue.offer(offer, never);
    const claim = await queue.claim(coder, never);
    expect(await types()).toEqual(["task-queued", "task-claimed"]);
    expect((await journal.read(run)).at(-1)?.seq).toBe(claim?.token);
    await queue.finish(run, "t", claim?.token ?? 0, { outcome: "done", detail: "", output: input });
    await end;
    expect((await journal.read(run)).at(-1)).toMatchObject({ type: "task-finished", token: claim?.token, worker: "w" });
  });

  test("has the last release and the end in one append", async () => {
    const { queue, clock, types } = await place();
    const end = queue.offer({ ...offer, triesMax: 1 }, never);
    await queue.claim(coder, never);
    await clock.turn(1000);
    expect(await end).toMatchObject({ outcome: "failed", attempts: 1 });
    expect(await types()).toEqual(["task-queued", "task-claimed", "released: expired", "task-finished"]);
  });

  test("that cannot be written gives nobody a task, and tells whoever offered it", async () => {
    const { queue, journal, types } = await place();
    const end = queue.offer(offer, never);
    await settled();
    await journal.append({
      run,
      expectedSeq: 1,
      events: [{ type: "lease-claimed", owner: "b" }],
      idempotencyKey: "somebody else's",
    });
    const stop = new AbortController();
    const claim = queue.claim(coder, stop.signal);
    await expect(end).rejects.toMatchObject({ fault: { code: "run-locked" } });
    stop.abort();
    expect(await claim).toBeUndefined();
    expect(await types()).toEqual(["task-queued", "lease-claimed"]);
  });
});

test("a revoked worker loses all its claims, also of a run that nothing can be written of any more", async () => {
  const { queue, journal, pen } = await place();
  const other = runId("plan-00000002");
  queue.lend(other, await penOn(journal, other));
  const ends = [queue.offer(offer, never), queue.offer({ ...offer, run: other }, never)];
  const claims = [await queue.claim(coder, never), await queue.claim(coder, never)];
  pen.writer.close(new FaultError(fault("disk-full", "the disk is full")));
  await queue.revoke("w", "revoked", "it lied");
  await expect(ends[0]).rejects.toMatchObject({ fault: { code: "disk-full" } });
  for (const claim of claims) {
    const { offer: of, token } = claim ?? expect.fail();
    expect(await queue.heartbeat(of.run, of.task, token)).toEqual({ kind: "lost" });
  }
  expect(queue.depth()).toEqual({ queued: 1, claimed: 0 });
});

describe("after a restart", () => {
  test("a finished task gives its recorded result, and its report is acknowledged again", async () => {
    const before = await place();
    const end = before.queue.offer(offer, never);
    const claim = await before.queue.claim(coder, never);
    const token = claim?.token ?? 0;
    await before.queue.finish(run, "t", token, { outcome: "done", detail: "good", output: input });
    const queue = new JournalQueue({ clock: new TurnedClock() });
    queue.lend(run, await penOn(before.journal, run));
    expect(await queue.finish(run, "t", token, { outcome: "done", detail: "" })).toBe("finished");
    expect(await queue.offer(offer, never)).toEqual(await end);
    expect(await before.types()).toEqual(["task-queued", "task-claimed", "task-finished"]);
  });

  test("a claim holds for one more lease, and its worker may go on", async () => {
    const before = await place();
    void before.queue.offer(offer, never).catch(() => undefined);
    const token = (await before.queue.claim(coder, never))?.token ?? 0;
    const clock = new TurnedClock();
    const queue = new JournalQueue({ clock });
    queue.lend(run, await penOn(before.journal, run));
    const end = queue.offer(offer, never);
    await settled();
    await clock.turn(900);
    expect(await queue.heartbeat(run, "t", token)).toMatchObject({ kind: "held" });
    await clock.turn(900);
    expect(await queue.finish(run, "t", token, { outcome: "done", detail: "" })).toBe("finished");
    expect(await end).toMatchObject({ worker: "w", attempts: 1 });
  });

  test("a worker that is back before its run holds its claim, and is told to report again when it is", async () => {
    const before = await place();
    void before.queue.offer(offer, never).catch(() => undefined);
    const token = (await before.queue.claim(coder, never))?.token ?? 0;
    const clock = new TurnedClock();
    const queue = new JournalQueue({ clock, read: (of) => before.journal.read(of) });
    const result = { outcome: "done" as const, detail: "" };
    expect(await queue.heartbeat(run, "t", token)).toEqual({ kind: "held", leaseUntil: clock.now() + 1000 });
    expect(await queue.heartbeat(run, "t", token - 1)).toEqual({ kind: "lost" });
    expect(await queue.finish(run, "t", token - 1, result)).toBe("refused");
    await expect(queue.finish(run, "t", token, result)).rejects.toMatchObject({
      fault: { code: "daemon-unreachable" },
    });
    queue.lend(run, await penOn(before.journal, run));
    void queue.offer(offer, never);
    await settled();
    expect(await queue.finish(run, "t", token, result)).toBe("finished");
    expect(await queue.heartbeat(runId("plan-00000002"), "t", token)).toEqual({ kind: "lost" });
  });

  test("a claim holds for as long as its run waits for its place, and no longer than its run is", async () => {
    const before = await place();
    void before.queue.offer(offer, never).catch(() => undefined);
    const token = (await before.queue.claim(coder, never))?.token ?? 0;
    const clock = new TurnedClock();
    const queue = new JournalQueue({ clock, read: (of) => before.journal.read(of) });
    await clock.turn(3 * 60 * 60_000);
    expect(await queue.heartbeat(run, "t", token)).toMatchObject({ kind: "held" });
    const paused = { type: "run-paused" as const, fault: fault("waiting-for-signal", "somebody is asked") };
    await before.pen.writer.append([paused], "paused");
    await clock.turn(2 * 60 * 60_000);
    const since = (await before.journal.read(run)).at(-1)?.at ?? 0;
    await clock.turn(Math.max(0, since + 2 * 60 * 60_000 - clock.now()));
    expect(await queue.heartbeat(run, "t", token)).toEqual({ kind: "lost" });
    queue.lend(run, await penOn(before.journal, run));
    void queue.offer({ ...offer, triesMax: 1 }, never).catch(() => undefined);
    expect(await queue.claim(coder, never)).toMatchObject({ attempt: 2 });
    expect((await before.types()).slice(2)).toEqual(["run-paused", "released: stopped", "task-claimed"]);
  });

  test("the record says whose result was taken under which token", async () => {
    const before = await place();
    void before.queue.offer(offer, never);
    const token = (await before.queue.claim(coder, never))?.token ?? 0;
    await before.queue.finish(run, "t", token, { outcome: "done", detail: "" });
    const queue = new JournalQueue({ clock: new TurnedClock(), read: (of) => before.journal.read(of) });
    expect(await queue.finisherOf(run, "t", token)).toBe("w");
    expect(await queue.finisherOf(run, "t", token - 1)).toBeUndefined();
    expect(await queue.finisherOf(run, "other", token)).toBeUndefined();
  });

  test("a claim that nobody goes on with expires, and tries are counted over restarts", async () => {
    const before = await place();
    void before.queue.offer({ ...offer, triesMax: 2 }, never).catch(() => undefined);
    await before.queue.claim(coder, never);
    await before.clock.turn(1000);
    await before.queue.claim(coder, never);
    const clock = new TurnedClock();
    const queue = new JournalQueue({ clock });
    queue.lend(run, await penOn(before.journal, run));
    const end = queue.offer({ ...offer, triesMax: 2 }, never);
    await settled();
    await clock.turn(1000);
    expect(await end).toMatchObject({ outcome: "failed", attempts: 2 });
  });

  test("a stop is no try: the task is offered again", async () => {
    const before = await place();
    const stop = new AbortController();
    const end = before.queue.offer({ ...offer, triesMax: 1 }, stop.signal);
    await before.queue.claim(coder, never);
    stop.abort();
    await expect(end).rejects.toBe(stop.signal.reason);
    before.lent[Symbol.dispose]();
    before.queue.lend(run, await penOn(before.journal, run));
    void before.queue.offer({ ...offer, triesMax: 1 }, never).catch(() => undefined);
    expect(await before.queue.claim(coder, never)).toMatchObject({ attempt: 2 });
    expect(await before.types()).toEqual(["task-queued", "task-claimed", "released: stopped", "task-claimed"]);
  });

  test("another input under the same name is refused", async () => {
    const before = await place();
    void before.queue.offer(offer, never).catch(() => undefined);
    await settled();
    const queue = new JournalQueue({ clock: new TurnedClock() });
    queue.lend(run, await penOn(before.journal, run));
    const another = `sha256:${"b".repeat(64)}` as Digest;
    await expect(queue.offer({ ...offer, input: another }, never)).rejects.toMatchObject({
      fault: { code: "workflow-changed" },
    });
  });
});

describe("what could not be written of a claim", () => {
  const full = new FaultError(fault("disk-full", "the disk is full"));

  /** A claim of an execution whose journal takes nothing any more. */
  async function unwritable() {
    const clock = new TurnedClock();
    const journal = new MemoryJournal();
    const queue = new JournalQueue({ clock, read: (of) => journal.read(of) });
    const pen = await penOn(journal, run);
    const lent = queue.lend(run, pen);
    const end = queue.offer({ ...offer, triesMax: 1 }, never);
    const token = (await queue.claim(coder, never))?.token ?? 0;
    pen.writer.close(full);
    const again = async () => {
      lent[Symbol.dispose]();
      queue.lend(run, await penOn(journal, run));
      return queue.offer({ ...offer, triesMax: 1 }, never);
    };
    return { queue, end, token, again, types: async () => typesOf(await journal.read(run)) };
  }

  test("that is a result is taken when the run goes on", async () => {
    const { queue, end, token, again, types } = await unwritable();
    const result = { outcome: "done" as const, detail: "" };
    await expect(queue.finish(run, "t", token, result)).rejects.toMatchObject({ fault: { code: "disk-full" } });
    await expect(end).rejects.toMatchObject({ fault: { code: "disk-full" } });
    expect(await queue.heartbeat(run, "t", token)).toMatchObject({ kind: "held" });
    const unavailable = { fault: { code: "daemon-unreachable" } };
    await expect(queue.finish(run, "t", token, result)).rejects.toMatchObject(unavailable);
    const over = again();
    await settled();
    expect(await queue.finish(run, "t", token, result)).toBe("finished");
    expect(await over).toMatchObject({ outcome: "done", attempts: 1 });
    expect(await types()).toEqual(["task-queued", "task-claimed", "task-finished"]);
  });

  test("that is a stop is no revocation: the task is offered again, and no try is used up", async () => {
    const { queue, end, token, again, types } = await unwritable();
    await queue.revoke("w", "stopped", "an emergency");
    await expect(end).rejects.toMatchObject({ fault: { code: "disk-full" } });
    expect(await queue.heartbeat(run, "t", token)).toEqual({ kind: "lost" });
    void again().catch(() => undefined);
    expect(await queue.claim(coder, never)).toMatchObject({ attempt: 2 });
    expect(await types()).toEqual(["task-queued", "task-claimed", "released: stopped", "task-claimed"]);
  });

  test("that is a revocation stays one", async () => {
    const { queue, token, end, again, types } = await unwritable();
    await queue.revoke("w", "revoked", "it lied");
    await expect(end).rejects.toMatchObject({ fault: { code: "disk-full" } });
    expect(await queue.heartbeat(run, "t", token)).toEqual({ kind: "lost" });
    expect(await again()).toMatchObject({ outcome: "failed" });
    expect(await types()).toEqual(["task-queued", "task-claimed", "released: revoked", "task-finished"]);
  });
});

test("a stop says nothing of a worker: what it had of runs that go on later holds", async () => {
  const before = await place();
  void before.queue.offer(offer, never).catch(() => undefined);
  const token = (await before.queue.claim(coder, never))?.token ?? 0;
  const queue = new JournalQueue({ clock: new TurnedClock(), read: (of) => before.journal.read(of) });
  await queue.revoke("w", "stopped", "an emergency");
  expect(await queue.heartbeat(run, "t", token)).toMatchObject({ kind: "held" });
  await queue.revoke("w", "revoked", "it lied");
  expect(await queue.heartbeat(run, "t", token)).toEqual({ kind: "lost" });
});

describe("a gate", () => {
  test("keeps a worker waiting until it may enter, and hears how its tasks end", async () => {
    const opens = Promise.withResolvers<void>();
    const heard: string[] = [];
    const clock = new TurnedClock();
    const queue = new JournalQueue({
      clock,
      gate: {
        enter: () => true,
        mayEnter: (worker) => (worker === "bad" ? opens.promise : Promise.resolve()),
        ended: (worker, how) => heard.push(`${worker} ${how}`),
      },
    });
    queue.lend(run, await penOn(new MemoryJournal(), run));
    const ends = ["a", "b"].map((task) => queue.offer({ ...offer, task }, never));
    const bad = queue.claim({ ...coder, id: "bad" }, never);
    await settled();
    const good = await queue.claim(coder, never);
    expect(good?.offer.task).toBe("a");
    opens.resolve();
    const { token = 0 } = (await bad) ?? {};
    await queue.finish(run, "a", good?.token ?? 0, { outcome: "done", detail: "" });
    await queue.release(run, "b", token, "failed", "");
    const again = await queue.claim(coder, never);
    await queue.finish(run, "b", again?.token ?? 0, { outcome: "failed", detail: "cannot be done" });
    await Promise.all(ends);
    expect(heard).toEqual(["w done", "bad failed", "w gave-up"]);
  });
});
