import type { Observation, TestOutcome } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CitedObservation, compareEnvironments, explorationsFor, findViolations } from "#domain";
import { madeUpIsolation } from "../../../test/support/made-up-isolation.ts";

const digest = (text: string) => `sha256:${text.padEnd(64, "0").slice(0, 64)}` as const;
const expected = {
  tests: ["a", "b"],
  excusedFiles: ["known.py"],
  rewrittenBefore: ["log.txt"],
  minLevel: "in-process",
} as const;

function observed(
  name: string,
  outcomes: Record<string, TestOutcome>,
  rest: Partial<Observation> = {},
): CitedObservation {
  const results = Object.entries(outcomes).map(([id, outcome]) => ({ id, file: "t.py", outcome, durationMs: 1 }));
  return {
    digest: digest(name) as CitedObservation["digest"],
    observation: {
      base: digest("ba"),
      oracle: digest("0a"),
      selection: [],
      report: { runner: "pytest", collected: Object.keys(outcomes), results, collectionErrors: [], complete: true },
      termination: { kind: "exited", code: 0 },
      stdout: digest("1"),
      stderr: digest("2"),
      isolation: madeUpIsolation,
      level: "in-process",
      durationMs: 5,
      ...rest,
    } as Observation,
  };
}

const kinds = (given: CitedObservation[], wanted = expected as Parameters<typeof findViolations>[1]) =>
  findViolations("step", wanted, given).map(({ kind, subjects }) => [kind, subjects]);

describe("what is other than expected", () => {
  const green = { a: "passed", b: "passed" } as const;

  test("is nothing where everything passed, and nothing where nothing was seen", () => {
    expect(kinds([observed("1", green), observed("2", green)])).toEqual([]);
    expect(kinds([])).toEqual([]);
  });

  test("is a test's result where it never passed, also where it was not there", () => {
    expect(kinds([observed("1", { a: "failed", b: "passed" }), observed("2", { a: "errored", b: "passed" })])).toEqual([
      ["test-result", ["a"]],
    ]);
    expect(kinds([observed("1", { b: "passed" })])).toEqual([["test-result", ["a"]]]);
  });

  test("is a flake where it passed once and failed once", () => {
    expect(kinds([observed("1", green), observed("2", { ...green, b: "failed" })])).toEqual([["flake", ["b"]]]);
  });

  test("is a resource where a test or the suite ran out of time or hit a limit", () => {
    expect(kinds([observed("1", { ...green, a: "timed-out" })])).toEqual([["resource", ["a"]]]);
    expect(kinds([observed("1", green, { termination: { kind: "limited", by: "memory" } })])).toEqual([
      ["resource", []],
    ]);
    expect(kinds([observed("1", green, { termination: { kind: "timed-out", wallMsMax: 1000 } })])[0]).toEqual([
      "resource",
      [],
    ]);
  });

  test("is a build where a file could not be collected that had to be", () => {
    const report = (file: string) => ({
      ...observed("1", green).observation.report,
      collectionErrors: [{ type: "SyntaxError", message: "no", file, frames: [] }],
    });
    expect(kinds([observed("1", green, { report: report("new.py") })])).toEqual([["build", ["new.py"]]]);
    expect(kinds([observed("1", green, { report: report("known.py") })])).toEqual([]);
  });

  test("is a lock where what decides was written, beyond what the base writes itself", () => {
    expect(kinds([observed("1", green, { rewritten: ["conftest.py", "log.txt"] })])).toEqual([
      ["lock", ["conftest.py"]],
    ]);
    expect(kinds([observed("1", green, { rewritten: ["log.txt"] })])).toEqual([]);
  });

  test("is a capability where the level that is needed could not be reached", () => {
    const weak = observed("1", green, { uncontrolled: "no copies can be made" });
    expect(kinds([weak], { ...expected, minLevel: "controlled" })).toEqual([["capability", []]]);
    expect(kinds([weak])).toEqual([]);
  });

  test("does not depend on the order of runs, or of tests in them", () => {
    const outcome = fc.constantFrom<TestOutcome>("passed", "failed", "errored", "skipped", "timed-out", "not-run");
    const outcomes = fc.record({ a: outcome, b: outcome });
    fc.assert(
      fc.property(fc.array(outcomes, { maxLength: 4 }), (all) => {
        const runs = all.map((one, index) => observed(String(index), one));
        const turned = all.map(({ a, b }, index) => observed(String(index), { b, a })).reverse();
        expect(findViolations("step", expected, turned)).toEqual(findViolations("step", expected, runs));
      }),
    );
  });
});

test("a run is only asked for where it would tell something", () => {
  const of = (kind: "test-result" | "lock" | "flake", hunks: number) =>
    explorationsFor({ id: "v", kind, step: "s", expected: "", observed: "", subjects: [], evidence: [] }, hunks);
  expect(of("test-result", 1)).toEqual(["verbose-rerun"]);
  expect(of("test-result", 2)).toEqual(["bisect", "verbose-rerun"]);
  expect(of("flake", 1)).toEqual(["rerun", "verbose-rerun", "environment-diff"]);
  expect(of("lock", 9)).toEqual([]);
});

test("two runs are compared in what was recorded of them, their outcomes aside", () => {
  const { observation: one } = observed("1", { a: "passed" });
  const { observation: other } = observed("2", { a: "failed" });
  expect(compareEnvironments(one, other)).toEqual([]);
  const elsewhere = { ...other, isolation: { ...other.isolation, kind: "container" as const }, durationMs: 500 };
  expect(compareEnvironments(one, elsewhere)).toEqual(["isolation: bubblewrap and container", "time: 5 ms and 500 ms"]);
});
