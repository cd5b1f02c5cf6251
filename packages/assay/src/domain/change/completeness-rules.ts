import type { Observation } from "@assay/sdk";
import { rewrittenOnly } from "../rewritten-oracle.ts";
import type { ChangeEvidence } from "./change-evidence.ts";
import { allKinds, type ChangeRule } from "./change-rule.ts";

const messageMax = 500;

/** Runs that a judgement cannot do without; runs without a hunk may well be cut off. */
function decisive({ base, newTests, head, oldTests }: ChangeEvidence): readonly Observation[] {
  return [...base, ...newTests, ...head, ...oldTests];
}

/** What stands between the evidence and any answer. */
export const completenessRules: readonly ChangeRule[] = [
  {
    id: "evidence",
    applies: allKinds,
    leadsTo: "unusable",
    code: "too-little-evidence",
    says: "Every run that was made is shown, is about this change, ran all tests, and ran those of its tree as they were; base and head ran twice each.",
    find: (evidence) => {
      const { base, newTests, head, oldTests, foreign, expectation } = evidence;
      const reverted = expectation.hunks.flatMap(({ without }) => without ?? []);
      const shown = decisive(evidence).length + reverted.reduce((n, patch) => n + evidence.without(patch).length, 0);
      const lacking =
        base.length < 2 ||
        head.length < 2 ||
        (expectation.newTests !== undefined && newTests.length < 2) ||
        (expectation.oldTests !== undefined && oldTests.length < 1) ||
        reverted.some((patch) => evidence.without(patch).length === 0);
      if (foreign.length > 0) {
        return {
          detail: "a run was about another change, ran a part of the tests, or had its tests rewritten",
          subjects: rewrittenOnly(foreign, []),
        };
      }
      if (!lacking && shown === expectation.observationsMade) return undefined;
      return { detail: `${expectation.observationsMade} runs made, ${shown} shown`, subjects: [] };
    },
  },
  {
    id: "ended",
    applies: allKinds,
    leadsTo: "inconclusive",
    code: "limit-hit",
    says: "The tests came to their own end on both sides, within every limit.",
    find: (evidence) => {
      const cut = decisive(evidence).filter(({ termination }) => termination.kind !== "exited");
      return cut[0] === undefined
        ? undefined
        : { detail: `a run was ended: ${JSON.stringify(cut[0].termination)}`, subjects: [] };
    },
  },
  {
    id: "answered",
    applies: allKinds,
    leadsTo: "inconclusive",
    code: "incomplete-report",
    says: "The runner's closing event was seen once, and every collected test of the head has an outcome.",
    find: (evidence) => {
      const { head, oldTests } = evidence;
      const notRun = (side: readonly Observation[]) =>
        side.flatMap(({ report }) => report.results.filter(({ outcome }) => outcome === "not-run").map(({ id }) => id));
      const silent = [...notRun(head), ...notRun(oldTests).filter((id) => !evidence.isListed(id))];
      const whole = decisive(evidence).every(({ report }) => report.complete);
      if (whole && silent.length === 0) return undefined;
      return {
        detail: silent.length > 0 ? "tests were collected but not run" : "the runner's closing event was not seen once",
        subjects: [...new Set(silent)],
      };
    },
  },
  {
    id: "environment",
    applies: allKinds,
    leadsTo: "inconclusive",
    code: "environment-fault",
    says: "The head needs nothing that this environment lacks.",
    find: (evidence) => {
      const { head, base, oldTests } = evidence;
      const [failure] = [...head, ...oldTests].flatMap((run) => evidence.couldNotStart(run) ?? []);
      if (failure !== undefined) {
        return { detail: `the tests could not be started here: ${failure.message.slice(0, messageMax)}`, subjects: [] };
      }
      const lacking = [...evidence.ids(head, "red"), ...evidence.uncollected(head)].filter(
        (name) =>
          evidence.isUnreachable(name) &&
          evidence.colour(base, name) !== "red" &&
          !evidence.uncollected(base).has(name),
      );
      return lacking.length === 0
        ? undefined
        : { detail: "the change needs something that is not installed here", subjects: lacking };
    },
  },
  {
    id: "tests",
    applies: allKinds,
    leadsTo: "inconclusive",
    code: "no-tests",
    says: "At least one test passes on the head.",
    find: (evidence) =>
      evidence.ids(evidence.head, "green").length > 0
        ? undefined
        : { detail: "no test passed with the change", subjects: [] },
  },
];
