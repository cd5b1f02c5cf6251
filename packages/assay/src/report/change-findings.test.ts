import type { ChangeExpectation, Digest, RunEvent, Verdict } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { acceptedRun, viewOf } from "../../test/support/sample-runs.ts";
import { changeFindings } from "./change-findings.ts";
import { renderHtml } from "./html/render-html.ts";
import { renderMarkdown } from "./markdown.ts";

const digest = `sha256:${"1".repeat(64)}` as Digest;
const expectation: ChangeExpectation = {
  kind: "change-shown",
  change: "fix",
  inferred: "1 test of the base turned green",
  base: digest,
  patch: digest,
  oracle: digest,
  baseOracle: digest,
  named: [],
  testChanges: [
    { kind: "weakened-assertion", file: "test_pay.py", line: 9, what: "test_pay <b>looser</b>: `a == 1` became `a`" },
    { kind: "new-test", file: "test_pay.py", line: 20, test: "test_more", what: "adds test_more" },
  ],
  allowTestChanges: false,
  hunks: [{ file: "pay.py", line: 4, lines: 2, standing: "untried", why: "not text" }],
  unprovenHunksMax: 0,
  guardrails: {
    policy: "warn",
    findings: [
      {
        rule: "spawn",
        severity: "error",
        message: "starts a program",
        file: "pay.py",
        line: 7,
        column: 2,
        snippet: "run",
      },
    ],
  },
  unreachable: [],
  unsteady: [],
  size: { files: 2, added: 5, removed: 3, binary: 0 },
  strength: {
    possible: 9,
    tried: 4,
    killed: 3,
    survived: 1,
    timedOut: 0,
    errored: 0,
    survivors: [{ file: "pay.py", line: 4, operator: "cmp", before: "<", after: "<=" }],
  },
  observationsMade: 4,
  minLevel: "controlled",
};
const verdict: Verdict = {
  kind: "inconclusive",
  reasons: [
    { code: "unproven-hunk", detail: "a hunk could be taken back", subjects: ["pay.py:4"] },
    { code: "level-too-low", detail: "reached level in-process", subjects: [] },
  ],
  evidence: [],
  level: "in-process",
};

function judgedRun() {
  const { events, observations } = acceptedRun();
  const at = { at: 1, runId: "judge-00000001" };
  const judged: RunEvent[] = [
    ...events,
    { seq: 900, ...at, type: "change-examined", expectation },
    { seq: 901, ...at, type: "verdict-reached", candidate: "change", verdict },
  ];
  return { events: judged, observations };
}

describe("a judged change", () => {
  test("has each finding at its place, and none for new tests", () => {
    const found = changeFindings(judgedRun().events);
    expect(found.map(({ rule, file, line }) => [rule, file, line])).toEqual([
      ["judge/unproven-hunk", "pay.py", 4],
      ["judge/level-too-low", undefined, undefined],
      ["tests/weakened-assertion", "test_pay.py", 9],
      ["guardrail/spawn", "pay.py", 7],
      ["tests/survivor", "pay.py", 4],
    ]);
    expect(changeFindings(acceptedRun().events)).toEqual([]);
  });

  test("shows in the comment what a reviewer has to look at", () => {
    const text = renderMarkdown(viewOf(judgedRun()));
    expect(text).toContain("judged as a **fix**");
    expect(text).toContain("the tests notice 3 of 4 small faults in the changed lines");
    expect(text).toContain("- `test_pay.py:9`");
    expect(text).toContain("**Hunks that no test needs**\n\n- `pay.py:4`");
    expect(text).toContain("- `pay.py:4` `<` → `<=`");
    expect(text).not.toContain("<b>");
  });

  test("shows tests, hunks and strength on the page, escaped", () => {
    const page = renderHtml(viewOf(judgedRun()));
    for (const title of [
      "What the change does to tests",
      "Each hunk taken back alone",
      "How much the tests would have",
    ]) {
      expect(page).toContain(title);
    }
    expect(page).toContain("test_pay &lt;b&gt;looser&lt;/b&gt;");
    expect(page).toContain("<strong>3 of 4</strong>");
    expect(page).not.toContain("<b>looser");
  });
});
