import type { RunEventBody } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { type RunId, runId } from "#domain";
import { defaultTenant, type Journal } from "#ports";
import { MemoryJournal } from "#store";
import { accepted, goal, memoryEngine, Village } from "../../../test/support/engine-parts.ts";
import { MapSettings } from "../../../test/support/map-settings.ts";
import { Drives } from "./drives.ts";
import { RunBook } from "./run-book.ts";
import { type DeskProject, TenantDesk } from "./tenant-desk.ts";

const named = (n: number) => runId(`heal-run${String(n).padStart(5, "0")}`);
const asking: RunEventBody = { type: "person-asked", question: "approval", signal: "approval" };
const queued = (task: string): RunEventBody => ({ type: "child-started", key: task, child: named(99), budget: {} });

/** A book of runs that each have these events besides their first, with the names of the runs that it read. */
async function bookOf(runs: readonly (readonly RunEventBody[])[]) {
  const journal = new MemoryJournal();
  for (const [n, events] of runs.entries()) {
    const started: RunEventBody = {
      type: "run-started",
      workflow: "heal",
      workflowVersion: 1,
      assayVersion: "0",
      goal,
    };
    await journal.append({ run: named(n), expectedSeq: 0, events: [started, ...events], idempotencyKey: "all" });
  }
  const read: RunId[] = [];
  const noted = new Proxy<Journal>(journal, {
    get: (target, name) => {
      if (name === "read") {
        return (run: RunId, after?: number) => {
          read.push(run);
          return target.read(run, after);
        };
      }
      const found = Reflect.get(target, name);
      return typeof found === "function" ? found.bind(target) : found;
    },
  });
  const owners = new Village().owner("a");
  const engine = memoryEngine({ journal, owners });
  const none = async () => Promise.reject(new Error("nothing is driven here"));
  const project: DeskProject = { tenant: defaultTenant, journal: noted, engine, create: none, resume: none };
  const desk = new TenantDesk<DeskProject>({
    project,
    drives: new Drives({ runsMax: 1, queuedMax: 1 }),
    requests: { reserve: none },
    settings: new MapSettings(),
    owners,
    stopped: () => undefined,
  });
  await desk.index.caughtUp();
  read.length = 0;
  return { book: new RunBook(desk), read };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("the book of runs", () => {
  test("lists runs without reading any", async () => {
    const { book, read } = await bookOf([[], [accepted("done")], [{ type: "lease-claimed", owner: "gone" }]]);
    const listed = await all(book.listed());
    expect(listed.map(({ view: { run, status } }) => [run, status])).toEqual([
      [named(2), "interrupted"],
      [named(1), "finished"],
      [named(0), "queued"],
    ]);
    expect(read).toEqual([]);
  });

  test("reads for tasks the runs that have some, and the named one alone", async () => {
    const { book, read } = await bookOf([[queued("a"), queued("b")], [], [queued("c")], []]);
    expect((await all(book.tasks({ run: named(0) }))).map(({ task }) => task)).toEqual(["a", "b"]);
    expect(await all(book.tasks({ run: "heal-nobody00" }))).toEqual([]);
    expect(await all(book.tasks({ run: "no run's name" }))).toEqual([]);
    expect(read).toEqual([named(0), "heal-nobody00"]);
    expect((await all(book.tasks({}))).map(({ task }) => task)).toEqual(["c", "a", "b"]);
    expect((await all(book.tasks({ from: named(0) }))).map(({ task }) => task)).toEqual(["a", "b"]);
    // The others once, and what was read before not again.
    expect(read.slice(2)).toEqual([named(2)]);
  });

  test("reads for approvals the runs that asked and have not ended", async () => {
    const { book, read } = await bookOf([[asking], [asking, accepted("done")], []]);
    expect((await book.approvals()).map(({ run }) => run)).toEqual([named(0)]);
    expect(read).toEqual([named(0)]);
  });

  test("reads for a page of budgets no more than it shows", async () => {
    const { book, read } = await bookOf([[], [], [], []]);
    const budgets = book.budgets(named(2));
    expect((await budgets.next()).value).toMatchObject({ run: named(2) });
    expect((await budgets.next()).value).toMatchObject({ run: named(1) });
    expect(read).toEqual([named(2), named(1)]);
  });
});
