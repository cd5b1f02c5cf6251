import type { ControlResult, Digest, Expectation, Observation, TestOutcome, VerdictLevel } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { madeUpIsolation } from "../../test/support/made-up-isolation.ts";
import { type CitedObservation, judge } from "./judge.ts";
import { isAtLeast } from "./verdict-level.ts";

const digest = (text: string) => `sha256:${text.padEnd(64, "0").slice(0, 64)}` as Digest;
const ids = ["a", "b", "c", "d"];

const expectation: Expectation = {
  kind: "tests-pass",
  base: digest("ba5e"),
  patch: digest("fa7c"),
  oracle: digest("0a"),
  collected: ids,
  excused: { d: "skipped-before" },
  excusedFiles: [],
  targets: ["a"],
  targetFiles: [],
  oracleTouched: [],
  observationsMade: 2,
  minLevel: "in-process",
};

function observed(
  name: string,
  outcomes: Record<string, TestOutcome> = {},
  changes: Partial<Observation> & { complete?: boolean } = {},
): CitedObservation {
  const { complete = true, ...rest } = changes;
  const all: Record<string, TestOutcome> = { a: "passed", b: "passed", c: "passed", d: "skipped", ...outcomes };
  return {
    digest: digest(name),
    observation: {
      base: expectation.base,
      patch: expectation.patch,
      oracle: expectation.oracle,
      selection: [],
      report: {
        runner: "pytest",
        collected: Object.keys(all).sort(),
        results: Object.entries(all).map(([id, outcome]) => ({ id, file: "t.py", outcome, durationMs: 1 })),
        collectionErrors: [],
        complete,
      },
      termination: { kind: "exited", code: 0 },
      stdout: digest("1"),
      stderr: digest("2"),
      isolation: madeUpIsolation,
      level: "in-process",
      durationMs: 5,
      ...rest,
    },
  };
}

const codes = (...cited: CitedObservation[]) => {
  const verdict = judge(expectation, cited);
  return [verdict.kind, ...verdict.reasons.map(({ code }) => code)];
};

describe("judge", () => {
  test("accepts when every expected test passed in every run that was made", () => {
    expect(codes(observed("1"), observed("2"))).toEqual(["accepted", "all-expected-passed"]);
  });

  test("cites all evidence it was shown", () => {
    expect(judge(expectation, [observed("2"), observed("1")]).evidence).toEqual([digest("1"), digest("2")]);
  });

  test("rejects a target that stays red and a green test that turned red", () => {
    expect(codes(observed("1", { a: "failed" }), observed("2", { a: "failed" }))).toEqual([
      "rejected",
      "test-failed",
      "test-failed",
    ]);
    expect(codes(observed("1", { b: "errored" }), observed("2", { b: "errored" }))[1]).toBe("test-regressed");
  });

  test("rejects a test that vanished and a test that is newly skipped", () => {
    const gone = observed("1");
    gone.observation.report.collected = ["a", "b", "d"];
    gone.observation.report.results = gone.observation.report.results.filter(({ id }) => id !== "c");
    expect(codes(gone, observed("2"))).toContain("set-shrank");
    expect(codes(observed("1", { c: "skipped" }), observed("2", { c: "skipped" }))).toContain("new-skip");
  });

  test("rejects a change to the oracle whatever was observed", () => {
    const touched = { ...expectation, oracleTouched: ["tests/test_a.py"] };
    expect(judge(touched, [observed("1"), observed("2")]).kind).toBe("rejected");
    expect(judge(touched, []).kind).toBe("rejected");
  });

  test("is inconclusive about a test that passed once and failed once", () => {
    expect(codes(observed("1", { b: "failed" }), observed("2"))).toEqual(["inconclusive", "flaky"]);
  });

  test("is inconclusive about a run that a limit ended, and does not hold the cut-off test against the change", () => {
    const ended = observed(
      "1",
      { c: "timed-out" },
      { termination: { kind: "timed-out", wallMsMax: 9 }, complete: false },
    );
    expect(codes(ended, observed("2"))).toEqual(["inconclusive", "limit-hit", "incomplete-report"]);
  });

  test("is inconclusive without tests that could have shown anything", () => {
    const empty = { ...expectation, collected: [], targets: [] };
    expect(judge(empty, [observed("1"), observed("2")]).reasons.map(({ code }) => code)).toContain("no-tests");
  });

  test("is inconclusive when the level is lower than the origin needs", () => {
    expect(judge({ ...expectation, minLevel: "controlled" }, [observed("1"), observed("2")]).reasons[0]?.code).toBe(
      "level-too-low",
    );
  });

  test("decides nothing by what workers alone have seen, and takes their runs for no more than in-process", () => {
    const away = (name: string) => observed(name, {}, { worker: "w1", level: "out-of-process" });
    expect(codes(away("1"), away("2"))).toEqual(["inconclusive", "too-little-evidence"]);
    expect(judge(expectation, [away("1"), observed("2")])).toMatchObject({ kind: "accepted", level: "in-process" });
    expect(judge({ ...expectation, minLevel: "controlled" }, [away("1"), observed("2")]).kind).toBe("inconclusive");
  });

  const control = (test: string, outcome: TestOutcome): ControlResult => ({ test, alteration: "inverted", outcome });
  const controlled = (name: string, ...controls: ControlResult[]) =>
    observed(name, {}, { level: "controlled", controls });
  const strict: Expectation = { ...expectation, minLevel: "controlled" };

  test("is controlled when each target has a control that failed in one run", () => {
    const verdict = judge(strict, [observed("1"), controlled("2", control("a", "failed"))]);
    expect([verdict.kind, verdict.level]).toEqual(["accepted", "controlled"]);
  });

  test("takes no run's own word for its level", () => {
    const given: ControlResult[][] = [
      [],
      [control("b", "failed")],
      [control("a", "skipped")],
      [control("a", "errored")],
    ];
    for (const controls of given) {
      const verdict = judge(strict, [observed("1"), controlled("2", ...controls)]);
      expect([verdict.kind, verdict.level]).toEqual(["inconclusive", "in-process"]);
      expect(verdict.reasons[0]).toMatchObject({ code: "level-too-low", subjects: ["a"] });
    }
  });

  test("is inconclusive about a control that passed, whatever the origin needs", () => {
    const forged = controlled("2", control("a", "failed"), control("b", "passed"));
    const verdict = judge(expectation, [observed("1"), forged]);
    expect(verdict).toMatchObject({
      kind: "inconclusive",
      level: "in-process",
      reasons: [{ code: "control-passed", subjects: ["b"] }],
    });
  });

  test("makes nothing of a passed control where the test itself is excused or did not pass", () => {
    const excused: Expectation = { ...expectation, excused: { b: "failing-before", d: "skipped-before" } };
    const controls = [control("a", "failed"), control("b", "passed")];
    const red = observed("2", { b: "failed" }, { level: "controlled", controls });
    const verdict = judge(excused, [observed("1", { b: "failed" }), red]);
    expect([verdict.kind, verdict.level]).toEqual(["accepted", "controlled"]);
  });

  test("asks a control of every file that could not be collected before", () => {
    const file: Expectation = { ...strict, collected: [], excused: {}, targets: [], targetFiles: ["t.py"] };
    const checked = (...controls: ControlResult[]) => judge(file, [observed("1"), controlled("2", ...controls)]).kind;
    expect(checked(control("b", "failed"))).toBe("accepted");
    expect(checked(control("other", "failed"))).toBe("inconclusive");
  });

  test("takes no pass and no failure from a run of another change or another oracle", () => {
    expect(codes(observed("1", {}, { patch: digest("bad") }), observed("2"))[0]).toBe("inconclusive");
    expect(codes(observed("1", { a: "failed" }, { oracle: digest("bad") }), observed("2"))[0]).toBe("inconclusive");
  });

  test("does not accept a change whose runs write what the tests are compared with, unless the base's do", () => {
    const writing = observed("2", {}, { rewritten: ["golden.txt"] });
    expect(judge(expectation, [observed("1"), writing])).toMatchObject({
      kind: "inconclusive",
      reasons: [{ code: "oracle-changed", subjects: ["golden.txt"] }],
    });
    const usual = { ...expectation, rewrittenBefore: ["golden.txt"] };
    expect(judge(usual, [observed("1"), writing]).kind).toBe("accepted");
    expect(
      codes(observed("1", { b: "failed" }), observed("2", { b: "failed" }, { rewritten: ["golden.txt"] })),
    ).toEqual(["rejected", "test-regressed", "test-regressed"]);
  });

  test("does not accept a collected test without an outcome", () => {
    const silent = observed("1");
    silent.observation.report.results = silent.observation.report.results.filter(({ id }) => id !== "b");
    expect(codes(silent, observed("2"))).toEqual(["inconclusive", "incomplete-report"]);
  });

  test("counts one run that is shown twice once", () => {
    expect(codes(observed("1"), observed("1"))).toEqual(["inconclusive", "too-little-evidence"]);
    expect(judge({ ...expectation, observationsMade: 1 }, [observed("1"), observed("1")]).evidence).toEqual([
      digest("1"),
    ]);
  });

  test("holds a target to its pass whatever excuses it, and where it is in no list of the base", () => {
    const excused: Expectation = { ...expectation, excused: { a: "failing-before", d: "skipped-before" } };
    const red = [observed("1", { a: "failed" }), observed("2", { a: "failed" })];
    expect(judge(excused, red).reasons[0]).toMatchObject({ code: "test-failed", subjects: ["a"] });
    const unlisted: Expectation = { ...expectation, targets: ["z"] };
    expect(judge(unlisted, [observed("1"), observed("2")]).kind).toBe("inconclusive");
  });

  const fileTarget: Expectation = {
    ...expectation,
    collected: [],
    excused: {},
    targets: [],
    targetFiles: ["t.py"],
  };
  const judged = (outcomes: Record<string, TestOutcome>, change: (one: Observation) => void = () => {}) => {
    const cited = [observed("1", outcomes), observed("2", outcomes)];
    for (const { observation } of cited) change(observation);
    const { kind, reasons } = judge(fileTarget, cited);
    return [kind, ...new Set(reasons.map(({ code }) => code))];
  };

  test("accepts a file that could not be collected when its tests now pass, some of them skipped", () => {
    expect(judged({})).toEqual(["accepted", "all-expected-passed"]);
    const verdict = judge(fileTarget, [observed("1"), observed("2")]);
    expect(verdict.reasons[0]).toMatchObject({ detail: expect.stringContaining("all 3"), subjects: ["t.py"] });
  });

  test("does not accept a file that still cannot be collected, shows a red test, or nothing that passes", () => {
    expect(judged({ b: "failed" })).toEqual(["rejected", "test-failed"]);
    expect(judged({ a: "skipped", b: "skipped", c: "skipped" })).toEqual(["inconclusive", "no-tests"]);
    const empty = (one: Observation) => Object.assign(one.report, { collected: [], results: [] });
    expect(judged({}, empty)).toEqual(["inconclusive", "no-tests"]);
    const elsewhere = (one: Observation) => {
      for (const result of one.report.results) result.file = "other.py";
    };
    expect(judged({ d: "passed" }, elsewhere)).toEqual(["inconclusive", "no-tests"]);
  });

  test("names a file that cannot be collected by the test file, not by the place of the error", () => {
    const error = { type: "ImportError", message: "no", file: "src.py", testFile: "t.py", frames: [] };
    const broken = (one: Observation) => {
      one.report.collectionErrors = [error];
    };
    expect(judged({}, broken)).toEqual(["rejected", "test-failed"]);
    const excused: Expectation = { ...expectation, excusedFiles: ["t.py"] };
    const cited = [observed("1"), observed("2")];
    for (const { observation } of cited) broken(observation);
    expect(judge(excused, cited).kind).toBe("accepted");
    expect(judge({ ...excused, targetFiles: ["t.py"] }, cited).kind).toBe("rejected");
  });

  const outcome = fc.constantFrom<TestOutcome>("passed", "failed", "errored", "skipped", "timed-out", "not-run");
  const anyObservation = fc
    .record({
      name: fc.stringMatching(/^[0-9a-f]{8}$/),
      outcomes: fc.dictionary(fc.constantFrom(...ids, "e"), outcome),
      complete: fc.boolean(),
      base: fc.constantFrom(expectation.base, digest("bad")),
      exited: fc.boolean(),
      level: fc.constantFrom<VerdictLevel>("in-process", "controlled", "out-of-process"),
      controls: fc.array(fc.record({ test: fc.constantFrom(...ids), alteration: fc.constant("x"), outcome })),
    })
    .map(({ name, outcomes, complete, base, exited, level, controls }) =>
      observed(name, outcomes, {
        complete,
        base,
        level,
        controls,
        ...(exited ? {} : { termination: { kind: "limited" as const, by: "memory" as const } }),
      }),
    );

  test("never improves to accepted when evidence is removed", () => {
    fc.assert(
      fc.property(fc.array(anyObservation, { minLength: 1, maxLength: 4 }), fc.nat(), (cited, index) => {
        const made = { ...expectation, observationsMade: cited.length };
        const before = judge(made, cited);
        const after = judge(made, cited.toSpliced(index % cited.length, 1));
        return before.kind === "accepted" || after.kind !== "accepted";
      }),
    );
  });

  test("never reaches a higher level when evidence is removed", () => {
    fc.assert(
      fc.property(fc.array(anyObservation, { minLength: 1, maxLength: 4 }), fc.nat(), (cited, index) => {
        const made = { ...expectation, observationsMade: cited.length };
        const [before, after] = [judge(made, cited), judge(made, cited.toSpliced(index % cited.length, 1))];
        return isAtLeast(before.level, after.level);
      }),
    );
  });

  test("accepts only if each expected test passed in each run", () => {
    fc.assert(
      fc.property(fc.array(anyObservation, { maxLength: 3 }), (cited) => {
        const verdict = judge({ ...expectation, observationsMade: Math.max(1, cited.length) }, cited);
        if (verdict.kind !== "accepted") return true;
        return cited.every(({ observation }) =>
          ["a", "b", "c"].every((id) =>
            observation.report.results.some((result) => result.id === id && result.outcome === "passed"),
          ),
        );
      }),
    );
  });

  test("does not depend on the order of the evidence", () => {
    fc.assert(
      fc.property(
        anyObservation,
        anyObservation,
        (one, two) => judge(expectation, [one, two]).kind === judge(expectation, [two, one]).kind,
      ),
    );
  });
});
