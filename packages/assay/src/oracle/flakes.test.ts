import type { TestOutcome, TestReport } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareBaselines } from "./flakes.ts";

const report = (outcomes: Record<string, TestOutcome>): TestReport => ({
  runner: "pytest",
  collected: Object.keys(outcomes).sort(),
  results: Object.entries(outcomes).map(([id, outcome]) => ({ id, file: "t.py", outcome, durationMs: 1 })),
  collectionErrors: [],
  complete: true,
});
const outcome = fc.constantFrom<TestOutcome>("passed", "failed", "errored", "skipped", "timed-out", "not-run");
const anyReport = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), outcome).map(report);

describe("compareBaselines", () => {
  test("finds what differed, and what only one run collected", () => {
    const first = report({ a: "passed", b: "passed", c: "failed" });
    const second = report({ a: "passed", b: "failed", d: "passed" });
    expect(compareBaselines(first, second)).toEqual({
      stable: ["a"],
      flaky: ["b", "c", "d"],
      flakyFiles: [],
      differences: [
        { id: "b", first: "passed", second: "failed" },
        { id: "c", first: "failed", second: "absent" },
        { id: "d", first: "absent", second: "passed" },
      ],
    });
  });

  test("finds files that only one run could collect, by the name of the test file", () => {
    const error = { type: "ImportError", message: "no", frames: [] };
    const first = { ...report({}), collectionErrors: [{ ...error, file: "src.py", testFile: "a.py" }, error] };
    const second = { ...report({}), collectionErrors: [error, { ...error, file: "b.py" }] };
    expect(compareBaselines(first, second).flakyFiles).toEqual(["a.py", "b.py"]);
    expect(compareBaselines(second, first).flakyFiles).toEqual(["a.py", "b.py"]);
    expect(compareBaselines(first, first).flakyFiles).toEqual([]);
  });

  test("finds nothing in a report compared with itself", () => {
    fc.assert(fc.property(anyReport, (one) => compareBaselines(one, one).flaky.length === 0));
  });

  test("finds the same tests whichever run came first", () => {
    fc.assert(
      fc.property(anyReport, anyReport, (one, two) => {
        expect(compareBaselines(one, two).flaky).toEqual(compareBaselines(two, one).flaky);
        expect(compareBaselines(one, two).stable).toEqual(compareBaselines(two, one).stable);
      }),
    );
  });
});
