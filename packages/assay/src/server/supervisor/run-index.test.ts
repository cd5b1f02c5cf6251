import type { RunEventBody } from "@assay/sdk";
import { expect, test } from "vitest";
import { type RunId, raise, runId } from "#domain";
import type { Journal } from "#ports";
import { MemoryJournal } from "#store";
import { accepted, goal } from "../../../test/support/engine-parts.ts";
import { RunIndex } from "./run-index.ts";

const named = (n: number) => runId(`heal-run${String(n).padStart(5, "0")}`);
const started: RunEventBody = {
  type: "run-started",
  workflow: "heal",
  workflowVersion: 1,
  assayVersion: "0.1.0",
  goal,
};

async function begin(journal: Journal, count: number, first = 0): Promise<void> {
  for (let n = first; n < first + count; n++) await append(journal, named(n), 0, [started]);
}

async function append(journal: Journal, run: RunId, expectedSeq: number, events: RunEventBody[]): Promise<void> {
  await journal.append({ run, expectedSeq, events, idempotencyKey: `${expectedSeq}` });
}

test("lists runs newest first behind a place, which shifts nothing when more begin", async () => {
  const journal = new MemoryJournal();
  await begin(journal, 5);
  const index = new RunIndex(journal);
  await index.caughtUp();
  const names = (after?: { startedAt: number; run: string }) =>
    [...index.newestFirst(after)].map(({ summary }) => summary.run);
  expect(names()).toEqual([4, 3, 2, 1, 0].map(named));
  await begin(journal, 1, 5);
  await index.caughtUp();
  expect(names({ startedAt: 0, run: named(3) })).toEqual([2, 1, 0].map(named));
  expect(names({ startedAt: Number.MAX_SAFE_INTEGER, run: "heal-gone0000" })).toHaveLength(6);
});

test("reads a run once, and then what is appended to it", async () => {
  const journal = new MemoryJournal();
  await begin(journal, 3);
  const read: RunId[] = [];
  const index = new RunIndex({
    runs: () => journal.runs(),
    head: () => journal.head(),
    tail: (after, most) => journal.tail(after, most),
    read: (run) => {
      read.push(run);
      return journal.read(run);
    },
  });
  await index.caughtUp();
  await append(journal, named(1), 1, [
    { type: "lease-claimed", owner: "me" },
    { type: "child-started", key: "k", child: named(2), budget: {} },
  ]);
  await begin(journal, 1, 3);
  await Promise.all([index.caughtUp(), index.caughtUp()]);
  expect(index.get(named(1))).toMatchObject({
    status: "running",
    claimedAt: 2,
    hasTasks: true,
    summary: { events: 3 },
  });
  await append(journal, named(1), 3, [accepted("done"), { type: "note", level: "info", message: "applied" }]);
  await index.caughtUp();
  expect(index.get(named(1))).toMatchObject({
    status: "finished",
    standing: { result: { outcome: "accepted" } },
    summary: { events: 5 },
  });
  expect(index.get(named(3))).toMatchObject({ status: "queued" });
  expect(read).toEqual([0, 1, 2].map(named));
});

test("knows what was appended before it was asked, however many ask while it looks", async () => {
  const journal = new MemoryJournal();
  await begin(journal, 200);
  const index = new RunIndex(journal);
  const asked: Promise<void>[] = [];
  for (let n = 200; n < 230; n++) {
    await begin(journal, 1, n);
    asked.push(index.caughtUp().then(() => expect(index.get(named(n))).toBeDefined()));
  }
  await Promise.all(asked);
  expect([...index.newestFirst()]).toHaveLength(230);
});

test("lists a run that cannot be read, and tries a journal again that could not be", async () => {
  const journal = new MemoryJournal();
  await begin(journal, 2);
  let isLocked = true;
  const index = new RunIndex({
    runs: () => (isLocked ? raise("run-locked", "locked") : journal.runs()),
    head: () => journal.head(),
    tail: (after, most) => journal.tail(after, most),
    read: async (run) => (run === named(0) ? raise("journal-corrupt", "it was changed") : journal.read(run)),
  });
  await expect(index.caughtUp()).rejects.toMatchObject({ fault: { code: "run-locked" } });
  isLocked = false;
  await index.caughtUp();
  expect(index.get(named(0))).toMatchObject({ unreadable: { message: "it was changed" }, summary: { events: 1 } });
  expect([...index.newestFirst()].map(({ summary }) => summary.run)).toEqual([named(1), named(0)]);
});

test("lists a run as unreadable whose goal no version takes any more, and goes on with the others", async () => {
  const journal = new MemoryJournal();
  const deep = JSON.parse("[".repeat(3_000) + "]".repeat(3_000));
  const work = { kind: "delegate" as const, task: "analyze" as const, role: "analyzer" as const, capabilities: [] };
  const tasks = [{ key: "a", title: "a", dependsOn: [], phase: 0, resources: {}, work: { ...work, input: deep } }];
  const plan = { tasks, resourceLimits: {}, parallelMax: 1, onFailure: "stop" as const };
  const broken: RunEventBody = { ...started, goal: { ...goal, root: "/\ud800" } };
  const nested: RunEventBody = { ...started, goal: { kind: "plan", root: "/project", title: "t", plan } };
  await append(journal, named(0), 0, [broken]);
  await begin(journal, 1, 1);
  const index = new RunIndex(journal);
  await index.caughtUp();
  await append(journal, named(2), 0, [nested]);
  await append(journal, named(2), 1, [{ type: "lease-claimed", owner: "me" }]);
  await begin(journal, 1, 3);
  await index.caughtUp();
  const unreadable = (n: number) => index.get(named(n))?.unreadable?.code;
  expect([0, 1, 2, 3].map(unreadable)).toEqual(["journal-corrupt", undefined, "journal-corrupt", undefined]);
  expect(index.get(named(2))?.summary.events).toBe(2);
});

test("one run that cannot be read for whatever reason stops neither the list nor the start", async () => {
  const journal = new MemoryJournal();
  await begin(journal, 2);
  const index = new RunIndex({
    runs: () => journal.runs(),
    head: () => journal.head(),
    tail: (after, most) => journal.tail(after, most),
    read: async (run) => {
      if (run === named(0)) throw new RangeError("Maximum call stack size exceeded");
      return journal.read(run);
    },
  });
  await index.caughtUp();
  expect(index.get(named(0))?.unreadable?.message).toContain("call stack");
  expect(index.get(named(1))?.unreadable).toBeUndefined();
});
