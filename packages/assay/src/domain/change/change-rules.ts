import { rewrittenDetail, rewrittenOnly } from "../rewritten-oracle.ts";
import { isAtLeast } from "../verdict-level.ts";
import { allKinds, type ChangeRule } from "./change-rule.ts";
import { completenessRules } from "./completeness-rules.ts";
import { regressionRules } from "./regression-rules.ts";
import { showingRules } from "./showing-rules.ts";

/** First among what is missing: a person has to look at these before anything else. */
const testsChanged: ChangeRule = {
  id: "tests-changed",
  applies: allKinds,
  leadsTo: "inconclusive",
  code: "tests-changed",
  says: "A change that edits, deletes, skips or weakens tests, or touches their configuration, lock files or CI, is not decided on, unless `--allow-test-changes`.",
  find: ({ expectation: { testChanges, allowTestChanges } }) => {
    const touched = testChanges.filter(({ kind }) => kind !== "new-test");
    if (touched.length === 0) return undefined;
    const otherRunner = touched.some(({ kind }) => kind === "runner");
    if (allowTestChanges && !otherRunner) return undefined;
    return {
      detail: otherRunner
        ? "the change has its tests run by something else, so both sides cannot be compared"
        : `the change does ${touched.length} ${touched.length === 1 ? "thing" : "things"} to what decides its own verdict`,
      subjects: touched.map(({ file, line, what }) => `${file}:${line} ${what}`),
    };
  },
};

const oracleWritten: ChangeRule = {
  id: "oracle-written",
  applies: allKinds,
  leadsTo: "inconclusive",
  code: "oracle-changed",
  says: "No run with the change's code or tests writes a file that decides, or data beside the tests, that was there before, unless the base's own runs write it too.",
  find: ({ base, newTests, head, oldTests }) => {
    const before = base.flatMap(({ rewritten = [] }) => rewritten);
    const subjects = rewrittenOnly([...newTests, ...head, ...oldTests], before);
    return subjects.length === 0 ? undefined : { detail: rewrittenDetail, subjects };
  },
};

const policyRules: readonly ChangeRule[] = [
  {
    id: "guardrail",
    applies: allKinds,
    leadsTo: "inconclusive",
    code: "guardrail",
    says: "With `--guardrails block`, no added line is flagged by a rule.",
    find: ({ expectation: { guardrails } }) =>
      guardrails.policy !== "block" || guardrails.findings.length === 0
        ? undefined
        : {
            detail: "added lines are flagged, and the policy is to block",
            subjects: guardrails.findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`),
          },
  },
  {
    id: "level",
    applies: allKinds,
    leadsTo: "inconclusive",
    code: "level-too-low",
    says: "A pass is trusted as far as the change's origin needs: `controlled`, unless `--min-level` says otherwise.",
    find: (evidence) => {
      const { minLevel } = evidence.expectation;
      const level = evidence.level();
      return isAtLeast(level, minLevel)
        ? undefined
        : { detail: `reached level ${level}, this origin needs ${minLevel}`, subjects: [] };
    },
  },
];

/** All rules, in the order of the published table. */
export const changeRules: readonly ChangeRule[] = [
  ...completenessRules,
  ...regressionRules,
  testsChanged,
  oracleWritten,
  ...showingRules,
  ...policyRules,
];
