import type { Termination } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldRunnerEvents } from "./fold-events.ts";

const nonce = "n0nce";
const exited: Termination = { kind: "exited", code: 0 };
const line = (event: object) => JSON.stringify({ n: nonce, ...event });
const start = line({ e: "start", runnerVersion: "9.2.0" });
const collected = line({ e: "collected", ids: ["t.py::a", "t.py::b"] });
const result = (id: string, outcome: string, more: object = {}) =>
  line({ e: "result", id, file: "t.py", outcome, durationMs: 1, ...more });
const end = line({ e: "end" });

const fold = (lines: string[], termination: Termination = exited) =>
  foldRunnerEvents(lines, { runner: "pytest", nonce, termination });
const outcomes = (lines: string[], termination?: Termination) =>
  Object.fromEntries(fold(lines, termination).report.results.map(({ id, outcome }) => [id, outcome]));

describe("foldRunnerEvents", () => {
  test("reports an undamaged stream as complete", () => {
    const { report } = fold([start, collected, result("t.py::b", "failed"), result("t.py::a", "passed"), end]);
    expect(report.complete).toBe(true);
    expect(report.runnerVersion).toBe("9.2.0");
    expect(report.collected).toEqual(["t.py::a", "t.py::b"]);
    expect(report.results.map(({ outcome }) => outcome)).toEqual(["passed", "failed"]);
  });

  test("gives a collected test without an answer the outcome not-run", () => {
    expect(outcomes([start, collected, result("t.py::a", "passed"), end])["t.py::b"]).toBe("not-run");
  });

  test.each([
    ["no end", [start, collected]],
    ["two ends", [start, collected, end, end]],
    ["no start", [collected, end]],
    ["a line that is not JSON", [start, collected, "garbage", end]],
    ["a line of another run", [start, collected, JSON.stringify({ n: "other", e: "end" }), end]],
    ["a result of no collected test", [start, collected, result("t.py::c", "passed"), end]],
    ["a result after the end", [start, collected, end, result("t.py::a", "passed")]],
    ["an outcome that does not exist", [start, collected, result("t.py::a", "great"), end]],
  ])("calls a stream with %s incomplete", (_, lines) => {
    expect(fold(lines).report.complete).toBe(false);
  });

  test("keeps the worst of two results, whichever came first", () => {
    const [passed, failed] = [result("t.py::a", "passed"), result("t.py::a", "failed")];
    expect(outcomes([start, collected, failed, passed, end])["t.py::a"]).toBe("failed");
    expect(outcomes([start, collected, passed, failed, end])["t.py::a"]).toBe("failed");
  });

  test("does not list a result whose test was not collected", () => {
    expect(outcomes([start, collected, result("t.py::c", "passed"), end])["t.py::c"]).toBeUndefined();
  });

  test("says that the running test timed out when the wall clock ended the run", () => {
    const lines = [start, collected, line({ e: "running", id: "t.py::a" })];
    expect(outcomes(lines, { kind: "timed-out", wallMsMax: 5 })).toEqual({
      "t.py::a": "timed-out",
      "t.py::b": "not-run",
    });
  });

  test("holds an exit in the middle of a test against that test, a limit against none", () => {
    const lines = [start, collected, line({ e: "running", id: "t.py::a" })];
    expect(outcomes(lines)["t.py::a"]).toBe("errored");
    expect(outcomes(lines, { kind: "signalled", signal: "SIGSEGV" })["t.py::a"]).toBe("errored");
    expect(outcomes(lines, { kind: "signalled", signal: "SIGKILL" })["t.py::a"]).toBe("not-run");
    expect(outcomes(lines, { kind: "limited", by: "memory" })["t.py::a"]).toBe("not-run");
  });

  test("cuts long texts and replaces what has no UTF-8 form", () => {
    const failure = { type: "E", message: `\ud800${"x".repeat(9000)}`, frames: [] };
    const { report } = fold([start, collected, result("t.py::a", "failed", { failure }), end]);
    expect(report.results[0]?.failure?.message).toHaveLength(4096);
    expect(report.results[0]?.failure?.message.isWellFormed()).toBe(true);
  });

  test("keeps coverage of collected tests only", () => {
    const covered = (id: string) => line({ e: "coverage", id, files: { "a.py": [1, 2] } });
    const { coverage } = fold([start, collected, covered("t.py::a"), covered("t.py::zz"), end]);
    expect(coverage).toEqual({ "t.py::a": { "a.py": [1, 2] } });
  });

  const id = fc.constantFrom("t.py::a", "t.py::b", "t.py::c", "__proto__");
  const outcome = fc.constantFrom("passed", "failed", "errored", "skipped", "timed-out", "not-run", "x");
  const anyLine = fc.oneof(
    fc.constantFrom(start, collected, end, "", "{}", "null", "[1]"),
    fc.tuple(id, outcome).map(([name, value]) => result(name, value)),
    fc
      .tuple(id, outcome, fc.string())
      .map(([name, value, n]) => JSON.stringify({ n, e: "result", id: name, outcome: value })),
    id.map((name) => line({ e: "collected", ids: [name] })),
    id.map((name) => line({ e: "running", id: name })),
    fc.string(),
    fc.json(),
  );
  const anyTermination = fc.constantFrom<Termination>(
    exited,
    { kind: "timed-out", wallMsMax: 1 },
    { kind: "limited", by: "memory" },
    { kind: "signalled", signal: "SIGSEGV" },
  );

  test("never throws, and never reports more passes than lines that passed", () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 30 }), anyTermination, (lines, termination) => {
        const { report } = fold(lines, termination);
        const passedIds = new Set(
          ["t.py::a", "t.py::b", "t.py::c", "__proto__"].filter((name) => lines.includes(result(name, "passed"))),
        );
        return report.results.every(({ id: name, outcome: value }) => value !== "passed" || passedIds.has(name));
      }),
    );
  });

  test("has one result for each collected id", () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 30 }), (lines) => {
        const { report } = fold(lines);
        return JSON.stringify(report.results.map(({ id: name }) => name)) === JSON.stringify(report.collected);
      }),
    );
  });
});
