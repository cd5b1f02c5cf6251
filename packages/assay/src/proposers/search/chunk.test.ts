import type { TestReport } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import type { EditBatch, EditOutcome } from "#ports";
import { ScreenPool } from "../screens/screen-pool.ts";
import { TestOrder } from "../screens/test-order.ts";
import { runBatch } from "./batch.ts";
import type { Trial, TrialSource } from "./trials.ts";

function trial(rank: number, file: string): Trial {
  const edit = {
    operator: "cmp" as const,
    file,
    start: 0,
    end: 1,
    replacement: String(rank),
    line: 1,
    statementLine: 1,
    atLoad: false,
    prior: 1,
    insertion: false,
    deletion: false,
  };
  return { edit, score: 1, rank, source: "a", result: `a${rank}` };
}

function sourceOf(trials: readonly Trial[]): TrialSource {
  const left = trials.values();
  let position = 0;
  return {
    next: () => {
      const next = left.next();
      if (!next.done) position = next.value.rank + 1;
      return next.done ? { done: true, value: undefined } : next;
    },
    get position() {
      return position;
    },
    nearlyRight: () => undefined,
    opened: () => [],
  };
}

const report: TestReport = { runner: "pytest", collected: [], results: [], collectionErrors: [], complete: true };

/** Ranks in the order in which they got a process of their own; batches of a file have outcomes where `together` gives any. */
async function run(
  trials: readonly Trial[],
  together: (batch: EditBatch) => EditOutcome[],
  limits: { candidatesMax: number; alone?: boolean },
) {
  const alone: number[] = [];
  const pool = new ScreenPool(async () => ({
    try: async ({ id }) => {
      alone.push(id);
      return { id, kind: "failed" };
    },
    tryEdits: async (batch) => together(batch),
    [Symbol.asyncDispose]: async () => undefined,
  }));
  const result = await runBatch(
    sourceOf(trials),
    pool,
    new TestOrder(["t"], [], undefined, report),
    { deadline: Number.POSITIVE_INFINITY, parallel: 1, again: false, alone: false, ...limits },
    0,
    () => undefined,
  );
  return { alone, result };
}

describe("a search's chunks", () => {
  test("try alone at once what a file's edits never share a process for", async () => {
    const trials = Array.from({ length: 40 }, (_, rank) => trial(rank, rank % 10 === 0 ? "b.py" : "a.py"));
    const { alone, result } = await run(
      trials,
      ({ file, candidates }) => (file === "a.py" ? candidates.map(({ id }) => ({ id, kind: "failed" })) : []),
      { candidatesMax: 1000 },
    );
    expect(alone).toEqual([0, 10, 20, 30]);
    expect(result).toMatchObject({ tried: 40, shared: true });
    expect(result.next).toBeUndefined();
  });

  test("come back to what was not reached before they go on", async () => {
    const reached: number[] = [];
    const trials = Array.from({ length: 20 }, (_, rank) => trial(rank, "a.py"));
    const { alone, result } = await run(
      trials,
      ({ candidates }) => {
        const some = candidates.slice(0, 3).map(({ id }) => id);
        reached.push(...some);
        return some.map((id) => ({ id, kind: "failed" }));
      },
      { candidatesMax: 20 },
    );
    expect(reached).toEqual(trials.map(({ rank }) => rank));
    expect(alone).toEqual([]);
    expect(result.tried).toBe(20);
  });

  test("are of one where all are to be tried alone", async () => {
    const trials = Array.from({ length: 5 }, (_, rank) => trial(rank, "a.py"));
    const { alone, result } = await run(trials, () => [], { candidatesMax: 4, alone: true });
    expect(alone).toEqual([0, 1, 2, 3]);
    expect(result).toMatchObject({ tried: 4, shared: false, next: 4 });
  });
});
