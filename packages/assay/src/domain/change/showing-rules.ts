import { passedControls } from "../level-shown.ts";
import type { ChangeEvidence } from "./change-evidence.ts";
import { allKinds, type ChangeRule } from "./change-rule.ts";
import { hunkStandings } from "./unproven-hunks.ts";

/** What a change has to show. */
export const showingRules: readonly ChangeRule[] = [
  {
    id: "flaky",
    applies: allKinds,
    leadsTo: "inconclusive",
    code: "flaky",
    says: "No test passes in one run and fails in another of the head, or of the base with the new tests, unless it did so on the base with its own tests; then it proves nothing either way.",
    find: (evidence) => {
      const { before, after } = evidence.flaky();
      const named = before.filter((id) => evidence.expectation.named.includes(id));
      const flaky = [...after, ...named];
      return flaky.length === 0
        ? undefined
        : { detail: "passed in one run and failed in another of the same code", subjects: flaky };
    },
  },
  {
    id: "fix-shown",
    applies: ["fix"],
    leadsTo: "inconclusive",
    code: "nothing-shown",
    says: "At least one test, and each named one, is red on the base for an assertion, an exception of the code under test or a hang, and green on the head.",
    find: (evidence) => lacking(evidence, ["failure"], "no test that fails on the base passes with the change"),
  },
  {
    id: "feature-shown",
    applies: ["feature"],
    leadsTo: "inconclusive",
    code: "nothing-shown",
    says: "The same as for a fix, where a missing name or module may be the red.",
    find: (evidence) =>
      lacking(evidence, ["failure", "missing-name"], "no test that fails on the base passes with the change"),
  },
  {
    id: "refactor-green",
    applies: ["refactor"],
    leadsTo: "inconclusive",
    code: "nothing-shown",
    says: "All tests are green before and after; what was skipped or flaky before stays out of it.",
    find: (evidence) => {
      const { base, head } = evidence;
      const red = new Set([...evidence.ids(base, "red"), ...evidence.ids(head, "red"), ...evidence.uncollected(base)]);
      return red.size === 0
        ? undefined
        : { detail: "not all tests are green before and after", subjects: [...red].sort() };
    },
  },
  {
    id: "refactor-covered",
    applies: ["refactor"],
    leadsTo: "inconclusive",
    code: "nothing-shown",
    says: "Tests execute every changed line that can be executed.",
    find: ({ expectation: { uncovered } }) => {
      if (uncovered === undefined) {
        return { detail: "this runner cannot tell whether the tests execute the changed lines", subjects: [] };
      }
      return uncovered.length === 0
        ? undefined
        : {
            detail: "changed lines that no test executes",
            subjects: uncovered.map(({ file, line }) => `${file}:${line}`),
          };
    },
  },
  {
    id: "unproven-hunk",
    applies: ["fix", "feature"],
    leadsTo: "inconclusive",
    code: "unproven-hunk",
    says: "Each hunk of the source, taken back alone, turns something red; up to `--max-unproven` need not. Comments, blank lines and documents are excused.",
    find: (evidence) => {
      const unproven = hunkStandings(evidence).filter(
        ({ standing }) => standing === "unproven" || standing === "untried",
      );
      const { unprovenHunksMax } = evidence.expectation;
      const untried = unproven.filter(({ standing }) => standing === "untried").length;
      const hunks = (number: number) => (number === 1 ? "a hunk" : `${number} hunks`);
      const told = [
        ...(untried < unproven.length
          ? [`${hunks(unproven.length - untried)} could be taken back without any test noticing`]
          : []),
        ...(untried > 0 ? [`${hunks(untried)} could not be tried`] : []),
      ];
      return unproven.length <= unprovenHunksMax
        ? undefined
        : {
            detail: told.join(", "),
            subjects: unproven.map(({ hunk }) => `${hunk.file}:${hunk.line}`),
          };
    },
  },
  {
    id: "controls",
    applies: allKinds,
    leadsTo: "inconclusive",
    code: "control-passed",
    says: "No negative control, a copy of a test altered so that it must fail, passes on the head.",
    find: ({ head }) => {
      const passed = [...new Set(head.flatMap(passedControls))].sort();
      return passed.length === 0
        ? undefined
        : { detail: "tests pass that were altered so that they must fail", subjects: passed };
    },
  },
];

function lacking(evidence: ChangeEvidence, kinds: readonly string[], detail: string) {
  const turned = evidence.turned();
  const shown = new Set(turned.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id));
  const { named } = evidence.expectation;
  const missing = named.filter((id) => !shown.has(id));
  if (missing.length > 0) return { detail: "named tests did not turn green", subjects: missing };
  if (shown.size > 0) return undefined;
  const others = turned.filter(({ kind }) => kind === "missing-name").map(({ id }) => id);
  return others.length > 0
    ? { detail: "what turned green only lacked a name before; that is a feature (--expect feature)", subjects: others }
    : { detail, subjects: [] };
}
