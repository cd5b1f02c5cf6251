import { readFileSync } from "node:fs";
import type { ChangeExpectation, Digest, Observation, TestOutcome, TestResult } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changeRules } from "./change/change-rules.ts";
import type { CitedObservation } from "./judge.ts";
import { judgeChange } from "./judge-change.ts";

const digest = (name: string) => `sha256:${Buffer.from(name).toString("hex").padEnd(64, "0").slice(0, 64)}` as Digest;
const file = "test_pay.py";
const [base, patch, without] = [digest("base"), digest("patch"), digest("without")];
const [oracle, baseOracle] = [digest("head oracle"), digest("base oracle")];

type Outcomes = Record<string, TestOutcome>;
type Told = { outcomes: Outcomes; type?: string; level?: Observation["level"]; uncollected?: boolean };
let executions = 0;

function run(about: Pick<Observation, "oracle"> & { patch?: Digest }, told: Told): CitedObservation {
  const { outcomes, type = "AssertionError", level = "out-of-process" } = told;
  const results: TestResult[] = Object.entries(outcomes).map(([name, outcome]) => ({
    id: `${file}::${name}`,
    file,
    outcome,
    durationMs: 1,
    ...(outcome === "failed" ? { failure: { type, message: "no", file, frames: [] } } : {}),
  }));
  executions += 1;
  const observation: Observation = {
    execution: String(executions),
    base,
    ...about,
    selection: [],
    report: {
      runner: "pytest",
      collected: results.map(({ id }) => id),
      results,
      collectionErrors: told.uncollected ? [{ type: "SyntaxError", message: "no", file, frames: [] }] : [],
      complete: true,
    },
    termination: { kind: "exited", code: 0 },
    stdout: base,
    stderr: base,
    isolation: {
      kind: "bubblewrap",
      uid: 1,
      network: "none",
      seccomp: true,
      memory: "none",
      processes: "none",
      workspace: "copy",
    },
    level,
    durationMs: 1,
  };
  return { digest: digest(`run ${executions}`), observation };
}

const onBase = (told: Told) => run({ oracle: baseOracle }, told);
const onHead = (told: Told) => run({ oracle, patch }, told);
const reverted = (told: Told) => run({ oracle, patch: without }, told);

const red: Outcomes = { pays: "failed", adds: "passed" };
const green: Outcomes = { pays: "passed", adds: "passed" };
const hunk = { file: "pay.py", line: 3, lines: 2, without, standing: "tried" as const };

function expected(over: Partial<ChangeExpectation> = {}): ChangeExpectation {
  return {
    kind: "change-shown",
    change: "fix",
    base,
    patch,
    oracle,
    baseOracle,
    named: [],
    testChanges: [],
    allowTestChanges: false,
    hunks: [hunk],
    unprovenHunksMax: 0,
    guardrails: { policy: "warn", findings: [] },
    unreachable: [],
    unsteady: [],
    size: { files: 1, added: 1, removed: 1, binary: 0 },
    observationsMade: 5,
    minLevel: "controlled",
    ...over,
  };
}

/** A fix as it should be, with some of its runs replaced. */
const evidence = (over: { base?: Told[]; head?: Told[]; without?: Told } = {}) => [
  ...(over.base ?? [{ outcomes: red }, { outcomes: red }]).map(onBase),
  ...(over.head ?? [{ outcomes: green }, { outcomes: green }]).map(onHead),
  reverted(over.without ?? { outcomes: red }),
];
const codes = (expectation: ChangeExpectation, cited: readonly CitedObservation[]) => {
  const { kind, reasons } = judgeChange(expectation, cited);
  return [kind, ...reasons.map(({ code }) => code)];
};
const twice = (outcomes: Outcomes): Told[] => [{ outcomes }, { outcomes }];

describe("judgeChange", () => {
  test("accepts a fix that turns a test green and whose hunks are all needed", () => {
    const verdict = judgeChange(expected(), evidence());
    expect(verdict).toMatchObject({ kind: "accepted", level: "out-of-process" });
    expect(verdict.reasons[0]?.subjects).toEqual([`${file}::pays`]);
    expect(verdict.evidence).toHaveLength(5);
  });

  test("rejects what breaks, removes or skips a test, or brings one that fails", () => {
    const broken = { pays: "passed", adds: "failed" } as const;
    expect(codes(expected(), evidence({ head: twice(broken) }))).toEqual(["rejected", "test-regressed"]);
    expect(codes(expected(), evidence({ head: twice({ pays: "passed" }) }))).toEqual(["rejected", "set-shrank"]);
    const skipped = { pays: "passed", adds: "skipped" } as const;
    expect(codes(expected(), evidence({ head: twice(skipped) }))).toEqual(["rejected", "new-skip"]);
    const failing = { ...green, more: "failed" } as const;
    expect(codes(expected(), evidence({ head: twice(failing) }))).toEqual(["rejected", "test-failed"]);
    const uncollected = { outcomes: {}, uncollected: true };
    expect(codes(expected(), evidence({ head: [uncollected, uncollected] }))).toEqual(["rejected", "test-failed"]);
  });

  test("holds nothing against a change whose tests could not be started here", () => {
    const unreachable = [file];
    const unstarted = { outcomes: {}, uncollected: true };
    const verdict = judgeChange(expected({ unreachable }), evidence({ head: [unstarted, unstarted] }));
    expect(verdict.kind).toBe("inconclusive");
    expect(verdict.reasons).toContainEqual({
      code: "environment-fault",
      detail: "the tests could not be started here: no",
      subjects: [],
    });
    // Once they run, what is gone is gone, whatever else lacks.
    const some = { outcomes: { pays: "passed" } as const, uncollected: true };
    expect(codes(expected({ unreachable }), evidence({ head: [some, some] }))[0]).toBe("inconclusive");
    const other = { ...some, outcomes: { pays: "passed", adds: "passed" } as const };
    expect(codes(expected(), evidence({ head: [some, other] }))[0]).toBe("rejected");
  });

  test("does not take a listed deletion for a loss, but asks about it", () => {
    const change = { kind: "deleted-test" as const, file, line: 1, test: "adds", what: "deletes adds" };
    const cited = evidence({ head: twice({ pays: "passed" }) });
    expect(codes(expected({ testChanges: [change] }), cited)).toEqual(["inconclusive", "tests-changed"]);
    expect(codes(expected({ testChanges: [change], allowTestChanges: true }), cited)[0]).toBe("accepted");
    const moved = { kind: "runner" as const, file: ".", line: 1, what: "runs by another" };
    expect(codes(expected({ testChanges: [moved], allowTestChanges: true }), evidence())).toContain("tests-changed");
  });

  test("judges the base's own tests on the head's code by themselves", () => {
    const tree = { patch: digest("old"), oracle: baseOracle };
    const withOld = expected({ oldTests: tree, observationsMade: 6 });
    const old = (outcomes: Outcomes) => [...evidence(), run(tree, { outcomes })];
    expect(codes(withOld, old(green))[0]).toBe("accepted");
    expect(codes(withOld, old({ pays: "passed", adds: "failed" }))).toEqual(["rejected", "test-regressed"]);
    expect(codes(withOld, old({ pays: "passed", adds: "skipped" }))).toEqual(["rejected", "new-skip"]);
    expect(codes(withOld, old({ pays: "passed", adds: "not-run" }))[0]).not.toBe("accepted");
    expect(codes(withOld, old({ pays: "passed" }))).toEqual(["rejected", "set-shrank"]);
    const edited = { kind: "edited-test" as const, file, line: 1, test: "adds", what: "edits adds" };
    const allowed = { ...withOld, testChanges: [edited], allowTestChanges: true };
    expect(codes(allowed, old({ pays: "passed", adds: "failed" }))[0]).toBe("accepted");
  });

  test("shows nothing where nothing turned green, or only for want of a name", () => {
    expect(codes(expected({ named: [`${file}::adds`] }), evidence())).toEqual(["inconclusive", "nothing-shown"]);
    const all = evidence({ base: twice(green), without: { outcomes: red } });
    expect(codes(expected(), all)).toEqual(["inconclusive", "nothing-shown"]);
    const missing = { outcomes: red, type: "NameError" };
    const unnamed = evidence({ base: [missing, missing] });
    expect(codes(expected(), unnamed)).toEqual(["inconclusive", "nothing-shown"]);
    expect(codes(expected({ change: "feature" }), unnamed)[0]).toBe("accepted");
  });

  test("asks every hunk to be needed, up to the policy", () => {
    const idle = evidence({ without: { outcomes: green } });
    expect(codes(expected(), idle)).toEqual(["inconclusive", "unproven-hunk"]);
    expect(codes(expected({ unprovenHunksMax: 1 }), idle)[0]).toBe("accepted");
    const { without: _never, ...place } = hunk;
    const four = { observationsMade: 4 };
    const excused = expected({ ...four, hunks: [{ ...place, standing: "excused", why: "a comment" }] });
    expect(codes(excused, evidence().slice(0, 4))[0]).toBe("accepted");
    const untried = expected({ ...four, hunks: [{ ...place, standing: "untried" }] });
    expect(codes(untried, evidence().slice(0, 4))).toEqual(["inconclusive", "unproven-hunk"]);
  });

  test("takes a flake of the head for a doubt, and one of the base for nothing", () => {
    const other: Outcomes = { pays: "passed", adds: "failed" };
    const flaky = evidence({ head: [{ outcomes: green }, { outcomes: other }] });
    expect(codes(expected(), flaky)).toEqual(["inconclusive", "flaky"]);
    const before = evidence({
      base: [{ outcomes: red }, { outcomes: { pays: "failed", adds: "failed" } }],
      head: [{ outcomes: green }, { outcomes: other }],
    });
    expect(codes(expected(), before)[0]).toBe("accepted");
  });

  test("excuses nothing that only the change's own tests make waver on the base", () => {
    const tree = { patch: digest("new"), oracle };
    const withNew = expected({ newTests: tree, observationsMade: 7 });
    const wavering: Told[] = [{ outcomes: red }, { outcomes: { pays: "failed", adds: "failed" } }];
    const judged = (head: Outcomes, told = wavering) =>
      codes(withNew, [...evidence({ head: twice(head) }), ...told.map((one) => run(tree, one))]);
    expect(judged({ pays: "passed", adds: "failed" })).toEqual(["rejected", "test-regressed"]);
    expect(judged({ pays: "passed", adds: "skipped" })).toEqual(["rejected", "new-skip"]);
    expect(judged({ pays: "passed" })).toEqual(["rejected", "set-shrank"]);
    expect(judged(green)).toEqual(["inconclusive", "flaky"]);
    const more: Told[] = [{ outcomes: { ...red, more: "passed" } }, { outcomes: { ...red, more: "failed" } }];
    expect(judged({ ...green, more: "failed" }, more)).toEqual(["rejected", "test-failed"]);
    expect(judged({ ...green, more: "passed" }, more)[0]).toBe("accepted");
    const wavers = [
      ...evidence({ head: [{ outcomes: { ...green, more: "passed" } }, { outcomes: { ...green, more: "failed" } }] }),
      ...more.map((one) => run(tree, one)),
    ];
    expect(codes(withNew, wavers)).toEqual(["inconclusive", "flaky"]);
  });

  test("does not decide where the oracle's files are written by runs of the change, and names them", () => {
    const wrote = (cited: CitedObservation, ...rewritten: string[]): CitedObservation => ({
      ...cited,
      observation: { ...cited.observation, rewritten },
    });
    const [first, second, ...rest] = evidence() as [CitedObservation, CitedObservation, ...CitedObservation[]];
    const [third, ...others] = rest as [CitedObservation, ...CitedObservation[]];
    const verdict = judgeChange(expected(), [first, second, wrote(third, "golden.txt", "log.txt"), ...others]);
    expect(verdict.reasons).toMatchObject([{ code: "oracle-changed", subjects: ["golden.txt", "log.txt"] }]);
    expect(verdict.kind).toBe("inconclusive");
    const usual = [wrote(first, "log.txt"), second, wrote(third, "log.txt"), ...others];
    expect(codes(expected(), usual)[0]).toBe("accepted");
    const broken = evidence({ head: twice({ pays: "passed", adds: "failed" }) }).map((one) => wrote(one, "new.txt"));
    expect(codes(expected(), broken.with(0, first).with(1, second))).toEqual(["rejected", "test-regressed"]);
  });

  test("asks a refactoring to be green on both sides and executed", () => {
    const refactor = expected({ change: "refactor", hunks: [], observationsMade: 4, uncovered: [] });
    const same = [...twice(green).map(onBase), ...twice(green).map(onHead)];
    expect(codes(refactor, same)[0]).toBe("accepted");
    expect(codes({ ...refactor, uncovered: [{ file: "pay.py", line: 3 }] }, same)).toContain("nothing-shown");
    const { uncovered: _unknown, ...blind } = refactor;
    expect(codes(blind, same)).toEqual(["inconclusive", "nothing-shown"]);
    expect(codes(refactor, evidence().slice(0, 4))).toEqual(["inconclusive", "nothing-shown"]);
  });

  test("needs the level that people need, and blocks what guardrails flag only when asked", () => {
    const weak = twice(green).map((one) => ({ ...one, level: "in-process" as const }));
    expect(codes(expected(), evidence({ head: weak }))).toEqual(["inconclusive", "level-too-low"]);
    const finding = {
      rule: "python/process-spawn",
      severity: "error" as const,
      message: "starts",
      file: "pay.py",
      line: 1,
      column: 1,
      snippet: "",
    };
    expect(codes(expected({ guardrails: { policy: "warn", findings: [finding] } }), evidence())[0]).toBe("accepted");
    const blocked = codes(expected({ guardrails: { policy: "block", findings: [finding] } }), evidence());
    expect(blocked).toEqual(["inconclusive", "guardrail"]);
  });

  test("believes no runs of other tests, and misses every run that is not shown", () => {
    const foreign = run({ oracle: digest("rewritten"), patch }, { outcomes: green });
    expect(codes(expected(), [...evidence().slice(0, 4), foreign])).toEqual(["inconclusive", "too-little-evidence"]);
    fc.assert(
      fc.property(fc.subarray([0, 1, 2, 3, 4], { maxLength: 4 }), (kept) => {
        const all = evidence();
        return (
          judgeChange(
            expected(),
            kept.map((at) => all[at] as CitedObservation),
          ).kind !== "accepted"
        );
      }),
    );
  });

  test("does not depend on the order of the runs", () => {
    const cited = evidence();
    expect(judgeChange(expected(), cited.toReversed())).toEqual(judgeChange(expected(), cited));
  });

  test("follows the rules that the guide publishes, word for word", () => {
    const guide = readFileSync(new URL("../../../../docs/guides/judge.md", import.meta.url), "utf8");
    const rows = changeRules.map(({ id, applies, leadsTo, code, says }) => {
      const kinds = applies.length === 3 ? "all" : applies.join(", ");
      return `| ${id} | ${kinds} | ${leadsTo === "unusable" ? "inconclusive, at once" : leadsTo} | \`${code}\` | ${says} |`;
    });
    expect(guide).toContain(rows.join("\n"));
  });
});
