import type { ChangeExpectation, Result } from "@assay/sdk";
import { type ChangeEvidence, inferChange, judgeChange } from "#domain";
import type { Run, Workflow } from "#engine";
import { crashPoint } from "#ports";
import { lockIn } from "../shared/lock-in-judgement.ts";
import { evidenceOf, expectChange } from "./expect.ts";
import { exploreChange } from "./explore-change.ts";
import { changeId, type Gathered, gatherRuns } from "./gather.ts";
import { scanChange } from "./guardrails.ts";
import { tryHunks } from "./hunks.ts";
import { mixTrees } from "./mixed-trees.ts";
import { provenanceOf } from "./provenance.ts";
import { judged } from "./result.ts";
import { measureStrength } from "./strength.ts";
import { readSubject } from "./subject.ts";
import { findTestChanges } from "./test-changes.ts";
import type { JudgeGoal, JudgeTools } from "./tools.ts";
import { findUncovered } from "./uncovered.ts";
import { findUnsteady } from "./unsteady.ts";

/** Judges a change that anyone made, on evidence gathered at both revisions. */
export function judgeWorkflow(tools: JudgeTools): Workflow<JudgeGoal, Result> {
  return { name: "judge", version: 1, run: (run, goal) => judge(run, goal, tools) };
}

async function judge(run: Run, goal: JudgeGoal, tools: JudgeTools): Promise<Result> {
  const subject = await readSubject(run, goal, tools);
  const { patch, difference, head, base } = subject;
  const provenance = provenanceOf(subject);
  await run.emit({ type: "candidate-proposed", candidate: changeId, patch, diff: difference.diff, provenance });

  const testChanges = await findTestChanges(run, subject);
  const findings = await scanChange(run, subject);
  const mixed = await mixTrees(run, tools, subject);
  const gathered = await gatherRuns(run, tools, subject, mixed);
  const plain = await expectChange(run, tools, { subject, mixed, gathered, testChanges, findings });
  const { change, why } =
    goal.expect === undefined ? inferChange(evidenceOf(plain, gathered)) : { change: goal.expect, why: undefined };
  const claimed = { ...plain, change, ...(why === undefined ? {} : { inferred: why }) };

  await tellFlakes(run, evidenceOf(claimed, gathered), gathered);

  // What is rejected already is not worth a run for each of its hunks.
  const early = judgeChange({ ...claimed, observationsMade: gathered.cited.length }, gathered.cited);
  const isOpen = early.kind !== "rejected";
  const hunks = isOpen && change !== "refactor" ? await tryHunks(run, tools, subject, gathered) : [];
  const strength = isOpen
    ? await measureStrength(run, tools, subject, evidenceOf(claimed, gathered), gathered)
    : undefined;
  const uncovered =
    isOpen && change === "refactor" ? await findUncovered(run, tools, subject, gathered, strength) : undefined;
  const expectation: ChangeExpectation = {
    ...claimed,
    hunks,
    ...(uncovered === undefined ? {} : { uncovered }),
    ...(strength === undefined ? {} : { strength }),
    observationsMade: gathered.cited.length,
  };
  // Only what would be accepted is worth asking whether chance did it.
  const first = judgeChange(expectation, gathered.cited);
  const turned = first.kind === "accepted" ? steadyTests(evidenceOf(expectation, gathered)) : [];
  expectation.unsteady = await findUnsteady(run, tools, { subject, mixed, gathered }, turned);
  await run.emit({ type: "change-examined", expectation });

  const verdict = judgeChange(expectation, gathered.cited);
  await run.emit({ type: "verdict-reached", candidate: changeId, verdict });
  crashPoint("verdict-recorded");
  await exploreChange(run, tools, subject, gathered, verdict);
  const left = await lockIn(run, tools, {
    snapshot: base.snapshot,
    profile: head.profile,
    provenance,
    diff: difference.diff,
    patch,
    patchedTree: head.snapshot.digest,
    expectation,
    verdict,
    evidence: gathered.evidence,
  });
  return judged(subject, expectation, verdict, gathered, left);
}

/** What fails by chance on the base already proves nothing either way; it is told by name. */
async function tellFlakes(run: Run, evidence: ChangeEvidence, { evidence: runs }: Gathered): Promise<void> {
  const { before } = evidence.flaky();
  if (before.length === 0) return;
  await run.emit({ type: "flakes-quarantined", tests: before, evidence: runs.slice(0, 2).map(({ digest }) => digest) });
}

/** What turned green and can be asked for by name on both sides: a file that could not be collected has no tests to name. */
function steadyTests(evidence: ChangeEvidence): string[] {
  const before = evidence.newTests.length > 0 ? evidence.newTests : evidence.base;
  return evidence
    .turned()
    .map(({ id }) => id)
    .filter((id) => evidence.colour(before, id) === "red");
}
