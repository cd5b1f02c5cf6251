import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseRuns, type PrunableRun } from "./choose-runs.ts";

const old: Omit<PrunableRun, "run"> = { lastEventAt: 1, status: "ended", refersTo: [], hasReceipt: false };
const all = { endedBefore: 100, keepLast: 0, receiptsToo: false };

function kept(runs: readonly PrunableRun[], retention = all): Record<string, string | undefined> {
  return Object.fromEntries(chooseRuns(runs, retention).map((choice) => [choice.run, choice.kept]));
}

test("what has not ended, is young, is among the last or has its receipt stays", () => {
  expect(
    kept([
      { ...old, run: "goes" },
      { ...old, run: "open", status: "open" },
      { ...old, run: "damaged", status: "unreadable" },
      { ...old, run: "young", lastEventAt: 100 },
      { ...old, run: "receipt", hasReceipt: true },
    ]),
  ).toEqual({ goes: undefined, open: "open", damaged: "unreadable", young: "young", receipt: "receipt" });
  expect(
    kept(
      [
        { ...old, run: "a" },
        { ...old, run: "b", lastEventAt: 2 },
      ],
      { ...all, keepLast: 1 },
    ),
  ).toEqual({
    a: undefined,
    b: "among-the-last",
  });
});

test("what stays keeps its children and what it was forked from, and one that goes on keeps who waits for it", () => {
  expect(
    kept([
      { ...old, run: "parent", status: "open", refersTo: ["child"] },
      { ...old, run: "child", refersTo: ["grandchild"] },
      { ...old, run: "grandchild" },
      { ...old, run: "waiting-for", refersTo: ["goes-on"] },
      { ...old, run: "goes-on", status: "open" },
      { ...old, run: "stranger", refersTo: ["gone"] },
    ]),
  ).toEqual({
    parent: "open",
    child: "referred-to",
    grandchild: "referred-to",
    "waiting-for": "referred-to",
    "goes-on": "open",
    stranger: undefined,
  });
});

const names = ["a", "b", "c", "d", "e", "f"];
const anyRuns = fc
  .array(
    fc.record({
      lastEventAt: fc.nat(200),
      status: fc.constantFrom<PrunableRun["status"]>("ended", "ended", "open", "unreadable"),
      refersTo: fc.array(fc.constantFrom(...names), { maxLength: 2 }),
      hasReceipt: fc.boolean(),
    }),
    { maxLength: names.length },
  )
  .map((runs) => runs.map((run, index): PrunableRun => ({ ...run, run: names[index] ?? "" })));

test("no run that stays refers to one that goes, and only ended, old runs go", () => {
  fc.assert(
    fc.property(anyRuns, fc.nat(3), (runs, keepLast) => {
      const choices = kept(runs, { ...all, keepLast });
      for (const run of runs) {
        if (choices[run.run] === undefined) {
          expect(run).toMatchObject({ status: "ended", hasReceipt: false });
          expect(run.lastEventAt).toBeLessThan(100);
        } else {
          for (const other of run.refersTo) if (other in choices) expect(choices[other]).toBeDefined();
        }
      }
    }),
  );
});
