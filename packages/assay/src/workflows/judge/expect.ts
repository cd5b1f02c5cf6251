import type { ChangeExpectation, GuardrailFinding, TestChange } from "@assay/sdk";
import { attemptName, ChangeEvidence, minLevelFor, raise, uncollectedFile } from "#domain";
import type { Run } from "#engine";
import { classify } from "#oracle";
import { refuseUnobserved } from "../shared/observe.ts";
import { type Gathered, limitsOf } from "./gather.ts";
import type { MixedTrees } from "./mixed-trees.ts";
import { sizeOf } from "./provenance.ts";
import type { Side, Subject } from "./subject.ts";
import type { JudgeTools } from "./tools.ts";

type Examined = {
  subject: Subject;
  mixed: MixedTrees;
  gathered: Gathered;
  testChanges: readonly TestChange[];
  findings: readonly GuardrailFinding[];
};

/** What is asked of the change, and what is known of it before its hunks are tried. The kind is still the least that can be said. */
export async function expectChange(run: Run, tools: JudgeTools, examined: Examined): Promise<ChangeExpectation> {
  const { subject, mixed, gathered, testChanges, findings } = examined;
  const { goal, base, head, patch } = subject;
  const tree = (side: Side) => ({ patch: side.snapshot.digest, oracle: side.oracle });
  return {
    kind: "change-shown",
    change: goal.expect ?? "refactor",
    base: base.snapshot.digest,
    patch,
    oracle: head.oracle,
    baseOracle: base.oracle,
    ...(mixed.newTests === undefined ? {} : { newTests: tree(mixed.newTests) }),
    ...(mixed.oldTests === undefined ? {} : { oldTests: tree(mixed.oldTests) }),
    named: await namedTests(run, tools, subject, gathered),
    testChanges: [...testChanges],
    allowTestChanges: goal.allowTestChanges,
    hunks: [],
    unprovenHunksMax: goal.unprovenHunksMax,
    guardrails: { policy: goal.guardrails, findings: [...findings] },
    unreachable: unreachable(subject, gathered),
    unsteady: [],
    size: sizeOf(subject),
    observationsMade: gathered.cited.length,
    minLevel: goal.minLevel ?? minLevelFor("human"),
  };
}

export function evidenceOf(expectation: ChangeExpectation, { cited }: Gathered): ChangeEvidence {
  return new ChangeEvidence(expectation, cited);
}

/** Tests and files that fail for want of something that is not installed here. */
function unreachable({ base, head }: Subject, { cited }: Gathered): string[] {
  const names = new Set<string>();
  for (const { observation } of cited) {
    const side = observation.patch === undefined ? base : head;
    for (const { environment, tests, failure } of classify(observation.report, side)) {
      if (!environment) continue;
      for (const name of tests.length > 0 ? tests : [uncollectedFile(failure)]) names.add(name);
    }
  }
  return [...names].sort();
}

/** The ids that the user's selectors mean on the head. */
async function namedTests(run: Run, tools: JudgeTools, subject: Subject, gathered: Gathered): Promise<string[]> {
  const { goal, head } = subject;
  if (goal.tests.length === 0) return [];
  const named = await run.step("named", { tree: head.snapshot.digest, tests: goal.tests }, async () => {
    await using workspace = await tools.workspaces.open(head.snapshot, attemptName(run.id, "judge", "named"));
    const { report, termination } = await tools.runners[head.profile.runner].run({
      profile: head.profile,
      workspace,
      selection: goal.tests,
      ...limitsOf(gathered),
      signal: run.abort,
    });
    refuseUnobserved(termination);
    return [...report.collected];
  });
  if (named.length === 0) {
    raise(
      "no-tests",
      `no test is selected by ${goal.tests.join(" ")}`,
      "use the runner's own syntax for a test or a file",
    );
  }
  return named;
}
