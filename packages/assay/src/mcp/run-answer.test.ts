import type { Result } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { fault, runId } from "#domain";
import { drivenAnswer, runAnswer } from "./run-answer.ts";
import { runContentSchema } from "./run-content.ts";

const run = runId("heal-0000000000");
const hidden = "a\u202Eb\u0007\u001b[31mc";
const digest = `sha256:${"0".repeat(64)}` as const;

const result: Result = {
  type: "result",
  outcome: "accepted",
  exitCode: 0,
  summary: hidden,
  verdict: {
    kind: "accepted",
    level: "controlled",
    reasons: Array.from({ length: 50 }, () => ({
      code: "all-expected-passed" as const,
      detail: hidden,
      subjects: [hidden],
    })),
    evidence: [],
  },
  patch: {
    digest: digest as Result["base"] & string,
    path: "/a  b/patch.diff",
    provenance: { proposer: "search", method: "m", summary: hidden },
  },
  healedTests: Array.from({ length: 500 }, () => hidden.repeat(1_000)),
  ambiguity: { call: hidden, results: [] },
  fault: fault("tree-changed", hidden, hidden),
};

describe("what is told of a run", () => {
  test("has no characters that cannot be seen, is bounded, and is what the schema says", () => {
    const { content, text } = drivenAnswer(run, result, `+${hidden}\n`.repeat(10_000));
    expect(runContentSchema.strict().parse(content)).toEqual(content);
    const told = JSON.stringify(content) + text;
    // JSON writes a control character as its escape.
    for (const unseen of ["\u202e", "\u0007", "\u001b", "\\u0007", "\\u001b"]) expect(told).not.toContain(unseen);
    expect(told.length).toBeLessThan(400_000);
    expect(content).toMatchObject({ patch: { path: "/a  b/patch.diff" }, error: { code: "tree-changed" } });
    expect((content as { healedTests: string[] }).healedTests).toHaveLength(101);
    expect((content as { diff: string }).diff).toContain("⟦U+202E⟧");
  });

  test.each([
    ["running", /run_status/],
    ["paused", /resume_run/],
    ["interrupted", /resume_run/],
  ] as const)("says of a run that is %s what to do now", (state, next) => {
    const { content, text } = runAnswer({ run, state, summary: "It is as it is." });
    expect(content).toMatchObject({ state, next: expect.stringMatching(next) });
    expect(text).toMatch(next);
  });

  test("is a failure of the tool only where the run failed", () => {
    const of = (outcome: Result["outcome"]) =>
      drivenAnswer(run, { type: "result", outcome, exitCode: 1, summary: "s" }).failed;
    expect(of("failed")).toBe(true);
    for (const outcome of ["accepted", "rejected", "inconclusive", "not-found", "paused"] as const) {
      expect(of(outcome)).toBe(false);
    }
  });
});
