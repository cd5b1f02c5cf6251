import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClassifiedFailure, TestOutcome, TestReport } from "@assay/sdk";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Checklist, checklistSchema, emptyChecklist, historyLengthMax } from "./checklist.ts";
import { loadChecklist, saveChecklist } from "./checklist-file.ts";
import { failedFirst } from "./failed-first.ts";
import { updateChecklist } from "./update-checklist.ts";

const report = (outcomes: Record<string, TestOutcome>): TestReport => ({
  runner: "pytest",
  collected: Object.keys(outcomes).sort(),
  results: Object.entries(outcomes).map(([id, outcome]) => ({
    id,
    file: "t.py",
    outcome,
    durationMs: 1,
    ...(outcome === "failed" ? { failure: { type: "KeyError", message: "'x'\nmore", frames: [] } } : {}),
  })),
  collectionErrors: [],
  complete: true,
});
const classified: ClassifiedFailure = {
  category: "lookup",
  tests: ["a"],
  failure: { type: "KeyError", message: "'x'", frames: [] },
  environment: false,
  fixability: { score: 0.5, reasons: [] },
  suggestedMethod: "diff",
};

describe("updateChecklist", () => {
  test("remembers state, category, error and suggested method of each test", () => {
    const after = updateChecklist(emptyChecklist, report({ a: "failed", b: "passed" }), [classified], "run-1");
    expect(after.tests).toEqual({
      a: {
        status: "failed",
        category: "lookup",
        suggestedMethod: "diff",
        lastError: "KeyError: 'x'",
        retryCount: 0,
        history: [{ run: "run-1", outcome: "failed" }],
      },
      b: { status: "passed", retryCount: 0, history: [{ run: "run-1", outcome: "passed" }] },
    });
  });

  test("counts the runs that saw a test red again, from the first pass anew", () => {
    let checklist = emptyChecklist;
    const counts: (number | undefined)[] = [];
    for (const [index, outcome] of (["failed", "errored", "failed", "passed", "failed"] as const).entries()) {
      checklist = updateChecklist(checklist, report({ a: outcome }), [], `run-${index}`);
      counts.push(checklist.tests.a?.retryCount);
    }
    expect(counts).toEqual([0, 1, 2, 0, 0]);
  });

  test("keeps the newest outcomes only", () => {
    let checklist = emptyChecklist;
    for (let run = 0; run < 15; run += 1)
      checklist = updateChecklist(checklist, report({ a: "passed" }), [], `r${run}`);
    expect(checklist.tests.a?.history).toHaveLength(historyLengthMax);
    expect(checklist.tests.a?.history.at(-1)?.run).toBe("r14");
  });

  test("changes nothing for a test that was not reached, or for a run it has seen", () => {
    const before = updateChecklist(emptyChecklist, report({ a: "failed" }), [], "run-1");
    expect(updateChecklist(before, report({ a: "not-run" }), [], "run-2")).toEqual(before);
    expect(updateChecklist(before, report({ a: "failed" }), [], "run-1")).toEqual(before);
  });
});

describe("failedFirst", () => {
  const checklist = ["b:failed", "c:passed", "d:failed", "d2:x"].reduce<Checklist>((list, entry, index) => {
    const [id = "", outcome] = entry.split(":");
    return outcome === "x" ? list : updateChecklist(list, report({ [id]: outcome as TestOutcome }), [], `r${index}`);
  }, emptyChecklist);
  const healed = updateChecklist(checklist, report({ d: "passed" }), [], "r9");

  test("puts red tests first, then unknown ones, then those that were red once", () => {
    expect(failedFirst(healed, ["c", "d", "unknown", "b"])).toEqual(["b", "unknown", "d", "c"]);
  });

  test("loses and adds nothing, whatever the names", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("b", "__proto__", "constructor"))), (ids) => {
        expect(failedFirst(healed, ids).sort()).toEqual(ids.toSorted());
      }),
    );
  });
});

describe("the checklist's file", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "assay-checklist-"));
    path = join(folder, "state", "checklist.json");
  });
  afterEach(async () => await rm(folder, { recursive: true, force: true }));

  test("gives back what was saved, and an empty list before that", async () => {
    expect(await loadChecklist(path)).toEqual({ checklist: emptyChecklist });
    const checklist = updateChecklist(emptyChecklist, report({ a: "failed", __proto__x: "passed" }), [classified], "r");
    await saveChecklist(path, checklist);
    expect(await loadChecklist(path)).toEqual({ checklist });
    expect(await readdir(join(folder, "state"))).toEqual(["checklist.json"]);
  });

  test.each(["", "{", "[]", '{"version":2,"tests":{}}', '{"version":1,"tests":{"a":{"status":"great"}}}'])(
    "moves a file that holds %j aside and says so",
    async (content) => {
      await saveChecklist(path, emptyChecklist);
      await writeFile(path, content);
      const { checklist, note } = await loadChecklist(path);
      expect(checklist).toEqual(emptyChecklist);
      const [aside = ""] = (await readdir(join(folder, "state"))).filter((name) => name.includes("corrupt"));
      expect(note).toContain(aside);
      expect(await readFile(join(folder, "state", aside), "utf8")).toBe(content);
    },
  );

  test("parses what it writes", () => {
    const checklist = updateChecklist(emptyChecklist, report({ a: "failed" }), [classified], "r");
    expect(checklistSchema.parse(JSON.parse(JSON.stringify(checklist)))).toEqual(checklist);
  });
});
