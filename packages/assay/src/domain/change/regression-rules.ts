import type { Observation } from "@assay/sdk";
import type { ChangeEvidence } from "./change-evidence.ts";
import { allKinds, type ChangeRule } from "./change-rule.ts";

/** What speaks against a change. Failures in the changed code's own process are trusted. */
export const regressionRules: readonly ChangeRule[] = [
  {
    id: "regressed",
    applies: allKinds,
    leadsTo: "rejected",
    code: "test-regressed",
    says: "No test that is green on the base is red on the head.",
    find: (evidence) => {
      const { base, head } = evidence;
      const red = evidence.ids(head, "red").filter((id) => evidence.colour(base, id) === "green");
      return found("tests that were green are red", red, evidence);
    },
  },
  {
    id: "old-tests",
    applies: allKinds,
    leadsTo: "rejected",
    code: "test-regressed",
    says: "The base's own tests, as the base has them, are not red on the head's code where they were green, unless the change is listed as editing or deleting them.",
    find: (evidence) => {
      const { base, oldTests } = evidence;
      const red = evidence
        .ids(oldTests, "red")
        .filter((id) => evidence.colour(base, id) === "green" && !evidence.isListed(id));
      const files = [...evidence.uncollected(oldTests)].filter(
        (file) =>
          !evidence.uncollected(base).has(file) &&
          !evidence.expectation.testChanges.some((one) => one.file === file && one.kind !== "new-test"),
      );
      return found("tests of the base, run as the base has them, are red", [...red, ...files], evidence);
    },
  },
  {
    id: "failed",
    applies: allKinds,
    leadsTo: "rejected",
    code: "test-failed",
    says: "Every new test, every named test and every test file that the base could collect passes on the head.",
    find: (evidence) => {
      const { base, head, expectation } = evidence;
      const named = new Set(expectation.named);
      const red = evidence.ids(head, "red").filter((id) => evidence.colour(base, id) === "absent" || named.has(id));
      const files = [...evidence.uncollected(head)].filter((file) => !evidence.uncollected(base).has(file));
      return found(
        "tests are red with the change",
        [...red.filter((id) => !wasUncollected(evidence, id)), ...files],
        evidence,
      );
    },
  },
  {
    id: "set-shrank",
    applies: allKinds,
    leadsTo: "rejected",
    code: "set-shrank",
    says: "Every test collected on the base is collected on the head, unless the change is listed as deleting it.",
    find: (evidence) => {
      const { base, head, oldTests } = evidence;
      const collected = new Set(head.flatMap(({ report }) => report.collected));
      const old = oldTests.flatMap(({ report }) => report.collected);
      // A runner that could not start for want of something here says nothing about the tests.
      const told = (side: readonly Observation[]) => side.some((run) => evidence.couldNotStart(run) === undefined);
      const gone = (id: string) => (told(head) && !collected.has(id)) || (told(oldTests) && !old.includes(id));
      const missing = [...evidence.results(base).keys()].filter((id) => gone(id) && !evidence.isListed(id));
      const files = evidence.uncollected(head);
      // A file that cannot be collected is told as such, not test by test.
      const rest = missing.filter((id) => ![...files].some((file) => id.startsWith(file)));
      return found("tests of the base are gone", rest, evidence);
    },
  },
  {
    id: "new-skip",
    applies: allKinds,
    leadsTo: "rejected",
    code: "new-skip",
    says: "No test that ran on the base is skipped on the head, unless the change is listed as skipping it.",
    find: (evidence) => {
      const { base, head, oldTests } = evidence;
      const ran = (id: string) => ["green", "red"].includes(evidence.colour(base, id));
      const skipped = [...evidence.ids(head, "grey"), ...evidence.ids(oldTests, "grey")].filter(
        (id) => ran(id) && !evidence.isListed(id) && !evidence.isSkipListed(id),
      );
      return found("tests are skipped that were not before", skipped, evidence);
    },
  },
];

function found(detail: string, subjects: readonly string[], evidence: ChangeEvidence) {
  const steady = [...new Set(subjects)].filter((name) => !evidence.mayBeChance(name) && !evidence.isUnreachable(name));
  return steady.length === 0 ? undefined : { detail, subjects: steady.sort() };
}

/** Nobody could tell what a file's tests showed that the base could not collect. */
function wasUncollected(evidence: ChangeEvidence, id: string): boolean {
  return [...evidence.uncollected(evidence.base)].some(
    (file) => id.startsWith(`${file}::`) || id.startsWith(`${file} > `),
  );
}
