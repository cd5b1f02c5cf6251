import type { TestOutcome } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contradictions, defaultAttestation, type SuiteSeen, suiteShortfall, worthOf } from "./attestation.ts";

const trusted = { attest: true, revoked: false, signed: true };

describe("a worker's result", () => {
  test("counts only from a worker that may attest, is not revoked and signed it", () => {
    expect(worthOf(trusted, 0.5, defaultAttestation)).toEqual({ kind: "evidence" });
    for (const standing of [
      { ...trusted, attest: false },
      { ...trusted, revoked: true },
      { ...trusted, signed: false },
    ]) {
      fc.assert(
        fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (draw) => {
          expect(worthOf(standing, draw, defaultAttestation).kind).toBe("claim");
        }),
      );
    }
  });

  test("is done again as often as the rate says: never at 0, always at 1", () => {
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(draw, draw, (drawn, sampleRate) => {
        expect(worthOf(trusted, drawn, { sampleRate }).kind).toBe(drawn < sampleRate ? "sampled" : "evidence");
        expect(worthOf(trusted, drawn, { sampleRate: 0 }).kind).toBe("evidence");
        expect(worthOf(trusted, drawn, { sampleRate: 1 }).kind).toBe("sampled");
      }),
    );
  });
});

function seen(outcomes: Readonly<Record<string, TestOutcome>>, code = 0): SuiteSeen {
  const results = Object.entries(outcomes).map(([id, outcome]) => ({ id, file: "t.py", outcome, durationMs: 1 }));
  const collected = results.map(({ id }) => id);
  return {
    report: { runner: "pytest", collected, results, collectionErrors: [], complete: true },
    termination: { kind: "exited", code },
    written: [],
  };
}

describe("a suite", () => {
  test("has passed where what was to pass is there and did, and else says why not", () => {
    const { report } = seen({ a: "passed", b: "skipped" });
    const termination = { kind: "exited", code: 0 } as const;
    expect(suiteShortfall({ report, termination, written: [] }, [])).toBeUndefined();
    expect(suiteShortfall({ report, termination, written: [] }, ["a"])).toBeUndefined();
    expect(suiteShortfall({ report, termination, written: [] }, ["b"])).toBe("1 of 2 tests did not pass: b skipped");
    expect(suiteShortfall({ report, termination, written: [] }, ["a", "c"])).toBe(
      "1 of 2 tests did not pass: c not collected",
    );
    expect(suiteShortfall(seen({ a: "failed" }), [])).toBe("1 of 1 tests did not pass: a failed");
    expect(suiteShortfall(seen({ a: "not-run", b: "passed" }), [])).toContain("a not-run");
    expect(suiteShortfall({ report, termination, written: ["tests/a.py"] }, [])).toContain("tests/a.py");
    expect(suiteShortfall(seen({}), [])).toBe("no test passed");
    expect(suiteShortfall(seen({ a: "skipped" }), [])).toBe("no test passed");
    expect(suiteShortfall({ report: { ...report, complete: false }, termination, written: [] }, [])).toContain(
      "no complete report",
    );
    const late = { kind: "timed-out", wallMsMax: 1 } as const;
    expect(suiteShortfall({ report, termination: late, written: [] }, [])).toBe("the suite was ended: timed-out");
  });
});

describe("a report", () => {
  test("is contradicted by what was seen otherwise, left out or made up, and by another end", () => {
    const here = seen({ a: "passed", b: "failed", c: "passed" });
    expect(contradictions(here, [here])).toEqual([]);
    const told = seen({ a: "passed", b: "passed", d: "passed" });
    expect(contradictions(told, [here])).toEqual([
      "b: reported as passed, seen as failed",
      "d: reported as passed, seen as not collected",
      "c: reported as not collected, seen as passed",
    ]);
    const late: SuiteSeen = { ...here, termination: { kind: "timed-out", wallMsMax: 1 } };
    expect(contradictions(late, [here])).toEqual(["the suite: reported as timed-out, seen as exited"]);
  });

  test("is contradicted where a test has two outcomes, is missing among those collected, or stands in another file", () => {
    const here = seen({ a: "passed" });
    const { results } = seen({ a: "failed" }).report;
    const twice = { ...here, report: { ...here.report, results: [...results, ...here.report.results] } };
    expect(contradictions(twice, [here])).toEqual(["a: reported as failed and passed, seen as passed"]);
    const uncollected = { ...here, report: { ...here.report, collected: [] } };
    const missing = ["a: reported as passed, but not collected, seen as passed"];
    expect(contradictions(uncollected, [here])).toEqual(missing);
    const moved = here.report.results.map((result) => ({ ...result, file: "u.py" }));
    const elsewhere = { ...here, report: { ...here.report, results: moved } };
    expect(contradictions(elsewhere, [here])).toEqual(["the file of a: reported as u.py, seen as t.py"]);
    const other = { ...here, report: { ...here.report, runner: "jest" as const } };
    expect(contradictions(other, [here])).toEqual(["the runner: reported as jest, seen as pytest"]);
    // Of a test that comes and goes only that it is there is held to.
    const flaky = new Set(["a"]);
    expect(contradictions(twice, [here], flaky)).toEqual([]);
    expect(contradictions(uncollected, [here], flaky)).toHaveLength(1);
  });

  test("is not contradicted by a test that comes and goes, and by nothing that was not executed here", () => {
    const passed = seen({ a: "passed" });
    const failed = seen({ a: "failed" });
    expect(contradictions(passed, [failed])).toHaveLength(1);
    expect(contradictions(passed, [failed, passed])).toEqual([]);
    expect(contradictions(passed, [failed], new Set(["a"]))).toEqual([]);
    expect(contradictions(passed, [])).toEqual([]);
  });

  test("has ever less held against it the more is executed here", () => {
    const outcome = fc.constantFrom<TestOutcome>("passed", "failed", "skipped");
    const run = fc.dictionary(fc.constantFrom("a", "b", "c"), outcome).map((outcomes) => seen(outcomes));
    fc.assert(
      fc.property(run, run, run, (told, one, two) => {
        const about = (runs: SuiteSeen[]) => contradictions(told, runs).map((text) => text.split(":")[0]);
        expect(about([one, two]).every((test) => about([one]).includes(test) && about([two]).includes(test))).toBe(
          true,
        );
      }),
    );
  });
});
