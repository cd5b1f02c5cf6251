import type { RunEvent } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runId } from "#domain";
import { MemoryJournal } from "#store";
import { appendTo, note, noted } from "../../../test/support/noting.ts";
import { type EventFilter, EventTail } from "./event-tail.ts";
import type { TailedEvent } from "./recent-events.ts";

const other = runId("heal-other0001");
const said = ({ event }: TailedEvent) => (event.type === "note" ? event.message : event.type);

/** The first `count` events that a subscriber is shown. */
async function take(tail: EventTail, filter: EventFilter, count: number): Promise<TailedEvent[]> {
  const controller = new AbortController();
  const taken: TailedEvent[] = [];
  for await (const { events } of tail.subscribe(filter, controller.signal)) {
    taken.push(...events);
    if (taken.length >= count) break;
  }
  return taken;
}

describe("EventTail", () => {
  test("shows what was appended before and goes on with what is appended then", async () => {
    await using journal = new MemoryJournal();
    await note(journal, ["a", "b"]);
    const tail = new EventTail(journal);
    const shown = take(tail, { after: 0 }, 4);
    await note(journal, ["c", "d"]);
    expect((await shown).map(said)).toEqual(["a", "b", "c", "d"]);
    expect((await shown).map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  });

  test("begins with what comes next where no position is named", async () => {
    await using journal = new MemoryJournal();
    await note(journal, ["before"]);
    const tail = new EventTail(journal);
    const batches = tail.subscribe({}, AbortSignal.any([]));
    expect((await batches.next()).value).toEqual({ events: [], through: 1 });
    await note(journal, ["after"]);
    expect((await batches.next()).value?.events.map(said)).toEqual(["after"]);
    await batches.return();
  });

  test("lets through what is of the run and of the types asked for, and tells how far it looked", async () => {
    await using journal = new MemoryJournal();
    await note(journal, ["mine"]);
    await note(journal, ["theirs"], other);
    await appendTo(journal, [{ type: "run-cancelled", by: "Ada" }]);
    const tail = new EventTail(journal);
    expect((await take(tail, { after: 0, run: noted }, 2)).map(said)).toEqual(["mine", "run-cancelled"]);
    expect((await take(tail, { after: 0, types: new Set(["run-cancelled"]) }, 1)).map(said)).toEqual(["run-cancelled"]);
    const batches = tail.subscribe({ after: 0, run: runId("heal-nobody001") }, AbortSignal.any([]));
    await batches.next();
    expect((await batches.next()).value).toEqual({ events: [], through: 3 });
    await batches.return();
  });

  test("leaves out the recorded values of steps", async () => {
    await using journal = new MemoryJournal();
    const inputDigest = `sha256:${"0".repeat(64)}` as never;
    await appendTo(journal, [{ type: "step-finished", key: "k", inputDigest, result: "for replay", durationMs: 1 }]);
    const [shown] = await take(new EventTail(journal), { after: 0 }, 1);
    expect(shown?.event).toMatchObject({ type: "step-finished", key: "k" });
    expect(shown?.json).not.toContain("for replay");
  });

  test("reads each new event once, however many listen, and nothing when nobody does", async () => {
    await using journal = new MemoryJournal();
    let read = 0;
    let watching = 0;
    const tail = new EventTail({
      head: () => journal.head(),
      tail: async (after, entriesMax) => {
        const entries = await journal.tail(after, entriesMax);
        read += entries.length;
        return entries;
      },
      watch: (listener) => {
        watching += 1;
        const watch = journal.watch(listener);
        return {
          [Symbol.dispose]() {
            watching -= 1;
            watch[Symbol.dispose]();
          },
        };
      },
    });
    const everybody = Promise.all(Array.from({ length: 50 }, () => take(tail, { after: 0 }, 30)));
    for (let index = 0; index < 30; index++) await note(journal, [String(index)]);
    for (const shown of await everybody) {
      expect(shown.map(said)).toEqual(Array.from({ length: 30 }, (_, index) => String(index)));
    }
    expect(read).toBe(30);
    expect(watching).toBe(0);
  });

  test("lets those who catch up take turns, one batch in a turn of the event loop, from memory and from the journal", async () => {
    await using journal = new MemoryJournal();
    for (let index = 0; index < 5; index++) await note(journal, Array<string>(100).fill("before"));
    const tail = new EventTail(journal, { batchMax: 20 });
    const controller = new AbortController();
    const live = tail.subscribe({}, controller.signal);
    await live.next();
    for (let index = 0; index < 5; index++) await note(journal, Array<string>(100).fill("in memory"));
    let ofThisTurn = 0;
    let mostInOneTurn = 0;
    let isDone = false;
    const tick = () => {
      mostInOneTurn = Math.max(mostInOneTurn, ofThisTurn);
      ofThisTurn = 0;
      if (!isDone) setImmediate(tick);
    };
    setImmediate(tick);
    const catchUp = async () => {
      let shown = 0;
      for await (const { events } of tail.subscribe({ after: 0 }, controller.signal)) {
        shown += events.length;
        // A last batch is as small as what is live, and waits for nobody.
        if (events.length === 20) ofThisTurn += 1;
        if (shown === 1_000) return;
      }
    };
    await Promise.all(Array.from({ length: 10 }, catchUp));
    isDone = true;
    controller.abort();
    await live.return();
    expect(mostInOneTurn).toBeLessThanOrEqual(4);
  });

  test("ends when its signal is aborted, also while it waits", async () => {
    await using journal = new MemoryJournal();
    const controller = new AbortController();
    const batches = new EventTail(journal).subscribe({}, controller.signal);
    await batches.next();
    const waiting = batches.next();
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test("throws to whoever waits when the journal cannot be read, and goes on for whoever comes back", async () => {
    await using journal = new MemoryJournal();
    let broken = false;
    const tail = new EventTail({
      head: () => journal.head(),
      tail: (after, entriesMax) =>
        broken ? Promise.reject(new Error("the disk is gone")) : journal.tail(after, entriesMax),
      watch: (listener) => journal.watch(listener),
    });
    const batches = tail.subscribe({}, AbortSignal.any([]));
    await batches.next();
    const waiting = batches.next();
    broken = true;
    const [lost, failed] = await Promise.allSettled([waiting, note(journal, ["missed"])]);
    expect([lost.status, failed.status]).toEqual(["rejected", "fulfilled"]);
    broken = false;
    expect((await take(tail, { after: 0 }, 1)).map(said)).toEqual(["missed"]);
  });

  test("shows every event once and in order, whatever is kept in memory and whenever it is subscribed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          recentMax: fc.integer({ min: 1, max: 12 }),
          recentCharactersMax: fc.integer({ min: 1, max: 4000 }),
          batchMax: fc.integer({ min: 1, max: 7 }),
        }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }),
        async (options, appends, starts) => {
          await using journal = new MemoryJournal();
          const tail = new EventTail(journal, options);
          const total = appends.reduce((sum, count) => sum + count, 0);
          const subscribers = starts
            .map((start) => start % total)
            .map((after) => take(tail, { after }, total - after).then((shown) => ({ after, shown })));
          for (const count of appends) await note(journal, Array<string>(count).fill("n"));
          for (const { after, shown } of await Promise.all(subscribers)) {
            const expected = Array.from({ length: total - after }, (_, index) => after + index + 1);
            expect(shown.map(({ position }) => position)).toEqual(expected);
            const seqs: RunEvent["seq"][] = shown.map(({ event }) => event.seq);
            expect(seqs).toEqual(expected);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
