import type { RunEventBody } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runId } from "#domain";
import type { AppendResult, Journal } from "./journal.ts";

const first = runId("heal-contract1");
const second = runId("heal-contract2");

function note(message: string): RunEventBody {
  return { type: "note", level: "info", message };
}

/** A run as the model sees it: its messages, and those of each key. */
function emptyStream(): { log: string[]; keys: Map<string, string[]> } {
  return { log: [], keys: new Map() };
}

function messages(result: AppendResult): string[] {
  if (result.kind === "conflict") return [];
  return result.events.map((event) => (event.type === "note" ? event.message : event.type));
}

/** What every `Journal` keeps; `open` gives an empty one each time. */
export function journalContract(name: string, open: () => Promise<Journal>): void {
  describe(`${name} as a journal`, () => {
    test("numbers each run's events from 1 without gaps", async () => {
      await using journal = await open();
      await journal.append({ run: first, expectedSeq: 0, events: [note("a"), note("b")], idempotencyKey: "1" });
      await journal.append({ run: second, expectedSeq: 0, events: [note("x")], idempotencyKey: "1" });
      await journal.append({ run: first, expectedSeq: 2, events: [note("c")], idempotencyKey: "2" });
      expect((await journal.read(first)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect((await journal.read(second)).map(({ seq }) => seq)).toEqual([1]);
      expect((await journal.read(first)).every(({ runId }) => runId === first)).toBe(true);
    });

    test("answers an append with exactly what is read later", async () => {
      await using journal = await open();
      const value = { kind: "value", value: { nested: [1, "\u0000\u2028 ünïcode 😀", null] } };
      const inputDigest = `sha256:${"0".repeat(64)}` as never;
      const step: RunEventBody = { type: "step-finished", key: "k", inputDigest, result: value, durationMs: 0.5 };
      const result = await journal.append({ run: first, expectedSeq: 0, events: [step], idempotencyKey: "1" });
      expect(result).toEqual({ kind: "appended", events: await journal.read(first) });
      expect(await journal.read(first)).toMatchObject([{ result: value, seq: 1 }]);
    });

    test("tells all runs' events in the order they were committed, each once, at positions that grow", async () => {
      await using journal = await open();
      expect(await journal.head()).toBe(0);
      await journal.append({ run: first, expectedSeq: 0, events: [note("a"), note("b")], idempotencyKey: "1" });
      await journal.append({ run: second, expectedSeq: 0, events: [note("x")], idempotencyKey: "1" });
      await journal.append({ run: first, expectedSeq: 2, events: [note("c")], idempotencyKey: "2" });
      const all = await journal.tail(0, 100);
      expect(all.map((entry) => (entry.kind === "event" ? [entry.run, entry.event.seq] : []))).toEqual([
        [first, 1],
        [first, 2],
        [second, 1],
        [first, 3],
      ]);
      const positions = all.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
      expect(await journal.head()).toBe(positions.at(-1));
      expect(await journal.tail(positions[1] ?? 0, 1)).toEqual(all.slice(2, 3));
      expect(await journal.tail(await journal.head(), 100)).toEqual([]);
    });

    test("calls whoever watches after an append, until they have enough", async () => {
      await using journal = await open();
      let calls = 0;
      const called = Promise.withResolvers<void>();
      const watch = journal.watch(() => {
        calls++;
        called.resolve();
      });
      await journal.append({ run: first, expectedSeq: 0, events: [note("a")], idempotencyKey: "1" });
      await called.promise;
      watch[Symbol.dispose]();
      const before = calls;
      await journal.append({ run: first, expectedSeq: 1, events: [note("b")], idempotencyKey: "2" });
      await new Promise(setImmediate);
      expect(calls).toBe(before);
    });

    test("takes a run out for good, and never uses its positions again", async () => {
      await using journal = await open();
      await journal.append({ run: first, expectedSeq: 0, events: [note("a")], idempotencyKey: "1" });
      await journal.append({ run: second, expectedSeq: 0, events: [note("x")], idempotencyKey: "1" });
      const head = await journal.head();
      expect(await journal.remove(second)).toBe(true);
      expect(await journal.remove(second)).toBe(false);
      // Whoever has seen it resumes behind it.
      expect(await journal.head()).toBe(head);
      expect(await journal.read(second)).toEqual([]);
      expect((await journal.runs()).map(({ run }) => run)).toEqual([first]);
      await journal.append({ run: first, expectedSeq: 1, events: [note("b")], idempotencyKey: "2" });
      expect((await journal.tail(0, 10)).map(({ run }) => run)).toEqual([first, first]);
      expect((await journal.tail(head, 10)).length).toBe(1);
    });

    test("appends nothing at a place that is not the end, and says where the end is", async () => {
      await using journal = await open();
      await journal.append({ run: first, expectedSeq: 0, events: [note("a"), note("b")], idempotencyKey: "1" });
      for (const expectedSeq of [0, 1, 3]) {
        const events = [note("c")];
        const result = await journal.append({ run: first, expectedSeq, events, idempotencyKey: `at ${expectedSeq}` });
        expect(result).toEqual({ kind: "conflict", actualSeq: 2 });
      }
      expect(await journal.read(first)).toHaveLength(2);
    });

    test("gives a key's first events back, wherever it is appended again", async () => {
      await using journal = await open();
      await journal.append({ run: first, expectedSeq: 0, events: [note("a")], idempotencyKey: "1" });
      await journal.append({ run: first, expectedSeq: 1, events: [note("b"), note("c")], idempotencyKey: "2" });
      for (const expectedSeq of [1, 3, 7]) {
        const again = await journal.append({ run: first, expectedSeq, events: [note("other")], idempotencyKey: "2" });
        expect(again.kind).toBe("duplicate");
        expect(messages(again)).toEqual(["b", "c"]);
      }
      expect(await journal.read(first)).toHaveLength(3);
    });

    test("lets exactly one of many appends to the same place win", async () => {
      await using journal = await open();
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          journal.append({ run: first, expectedSeq: 0, events: [note(`${n}`)], idempotencyKey: `${n}` }),
        ),
      );
      expect(results.filter(({ kind }) => kind === "appended")).toHaveLength(1);
      expect(results.filter(({ kind }) => kind === "conflict")).toHaveLength(19);
      expect(await journal.read(first)).toHaveLength(1);
    });

    test("does not let one bad append touch the others made with it", async () => {
      await using journal = await open();
      const bad = { type: "no-such-event" } as unknown as RunEventBody;
      const results = await Promise.allSettled([
        journal.append({ run: first, expectedSeq: 0, events: [note("a")], idempotencyKey: "1" }),
        journal.append({ run: first, expectedSeq: 1, events: [note("b"), bad], idempotencyKey: "2" }),
        journal.append({ run: first, expectedSeq: 5, events: [note("c")], idempotencyKey: "3" }),
        journal.append({ run: first, expectedSeq: 1, events: [note("d")], idempotencyKey: "4" }),
        journal.append({ run: first, expectedSeq: 2, events: [], idempotencyKey: "5" }),
        journal.append({ run: second, expectedSeq: 0, events: [note("e")], idempotencyKey: "1" }),
      ]);
      const kinds = results.map((result) => (result.status === "fulfilled" ? result.value.kind : result.status));
      expect(kinds).toEqual(["appended", "rejected", "conflict", "appended", "rejected", "appended"]);
      expect((await journal.read(first)).map((event) => event.type === "note" && event.message)).toEqual(["a", "d"]);
    });

    test("reads what comes after a place, and nothing of an unknown run", async () => {
      await using journal = await open();
      const events = [note("a"), note("b"), note("c")];
      await journal.append({ run: first, expectedSeq: 0, events, idempotencyKey: "1" });
      expect((await journal.read(first, 1)).map(({ seq }) => seq)).toEqual([2, 3]);
      expect(await journal.read(first, 3)).toEqual([]);
      expect(await journal.read(first, 9)).toEqual([]);
      expect(await journal.read(second)).toEqual([]);
    });

    test("lists runs newest first", async () => {
      await using journal = await open();
      expect(await journal.runs()).toEqual([]);
      await journal.append({ run: first, expectedSeq: 0, events: [note("a")], idempotencyKey: "1" });
      await journal.append({ run: second, expectedSeq: 0, events: [note("x"), note("y")], idempotencyKey: "1" });
      await journal.append({ run: first, expectedSeq: 1, events: [note("b")], idempotencyKey: "2" });
      const runs = await journal.runs();
      expect(runs.map(({ run, events }) => [run, events])).toEqual([
        [second, 2],
        [first, 2],
      ]);
      const last = (await journal.read(first)).at(-1);
      expect(runs[1]).toMatchObject({ lastEventAt: last?.at });
    });

    test("behaves like a list for any appends, several at a time", async () => {
      const appendArbitrary = fc.record({
        run: fc.constantFrom(first, second),
        /** How far beside the end; 0 is the end. */
        offset: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -2, max: 2 })),
        key: fc.constantFrom("k1", "k2", "k3", "k4", "k5"),
        count: fc.integer({ min: 1, max: 3 }),
      });
      const property = fc.asyncProperty(
        fc.array(fc.array(appendArbitrary, { maxLength: 4 }), { maxLength: 6 }),
        async (rounds) => {
          await using journal = await open();
          const model = new Map([first, second].map((run) => [run, emptyStream()]));
          let n = 0;
          for (const round of rounds) {
            const expected: unknown[] = [];
            const requests = round.map(({ run, offset, key, count }) => {
              const { log, keys } = model.get(run) ?? emptyStream();
              const texts = Array.from({ length: count }, () => `${n++}`);
              const expectedSeq = Math.max(0, log.length + offset);
              const earlier = keys.get(key);
              if (earlier !== undefined) expected.push(["duplicate", earlier]);
              else if (expectedSeq !== log.length) expected.push(["conflict", log.length]);
              else {
                log.push(...texts);
                keys.set(key, texts);
                expected.push(["appended", texts]);
              }
              return { run, expectedSeq, events: texts.map(note), idempotencyKey: key };
            });
            const results = await Promise.all(requests.map((request) => journal.append(request)));
            const seen = results.map((result) => [
              result.kind,
              result.kind === "conflict" ? result.actualSeq : messages(result),
            ]);
            expect(seen).toEqual(expected);
          }
          for (const [run, { log }] of model) {
            const events = await journal.read(run);
            expect(events.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
            expect(events.map((event) => event.type === "note" && event.message)).toEqual(log);
          }
        },
      );
      await fc.assert(property, { numRuns: 30 });
    });
  });
}
