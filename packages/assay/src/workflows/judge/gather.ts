import { randomInt } from "node:crypto";
import type { Digest, Evidence, EvidencePurpose, Observation } from "@assay/sdk";
import { attemptName, type CitedEvidence, isRed, raise, suiteLimits, suiteWallMs } from "#domain";
import type { Run } from "#engine";
import { classify } from "#oracle";
import { crashPoint } from "#ports";
import { loadObservation, type Observed, type ObserveRequest, observe } from "../shared/observe.ts";
import type { MixedTrees } from "./mixed-trees.ts";
import type { Side, Subject } from "./subject.ts";
import type { JudgeTools } from "./tools.ts";

/** The name of the one candidate there is. */
export const changeId = "change";

/** What was seen so far; every run is recorded before the next begins. */
export type Gathered = {
  evidence: Evidence[];
  cited: CitedEvidence[];
  wallMsMax: number;
  testMsMax: number;
};

type RunRequest = {
  key: string;
  purpose: EvidencePurpose;
  side: Side;
  patch?: Digest;
  shuffle?: boolean;
  /** Tests that get several negative controls; absent: no controls. */
  controlled?: readonly string[];
};

/** Runs both sides, each with its own tests and with those of the other, twice; the second time in another order. */
export async function gatherRuns(run: Run, tools: JudgeTools, subject: Subject, mixed: MixedTrees): Promise<Gathered> {
  const wallMsMax = Math.min(suiteLimits.wallMsMax, run.budget.total.wallMsMax);
  const gathered: Gathered = { evidence: [], cited: [], wallMsMax, testMsMax: 0 };
  const { base, head, patch } = subject;
  const go = (request: RunRequest) => runSide(run, tools, subject, gathered, request);
  tools.progress({ kind: "phase", phase: "base" });
  const first = await go({ key: "base", purpose: "base", side: base });
  refuseUnstarted(first, base);
  gathered.wallMsMax = suiteWallMs(first.durationMs);
  gathered.testMsMax = testLimit(first);
  await go({ key: "base-shuffled", purpose: "shuffled", side: base, shuffle: true });
  if (mixed.newTests !== undefined) {
    const side = mixed.newTests;
    tools.progress({ kind: "phase", phase: "base", detail: "with the change's tests" });
    await go({ key: "new-tests", purpose: "new-tests", side, patch: side.snapshot.digest });
    await go({ key: "new-tests-shuffled", purpose: "new-tests", side, patch: side.snapshot.digest, shuffle: true });
  }
  tools.progress({ kind: "phase", phase: "head" });
  const second = await go({ key: "head", purpose: "head", side: head, patch });
  refuseNothing(first, second);
  const before = gathered.cited.filter(({ observation }) => observation.patch !== patch);
  const red = before.flatMap(({ observation }) => observation.report.results.filter(({ outcome }) => isRed(outcome)));
  const controlled = [...new Set(red.map(({ id }) => id))];
  await go({ key: "head-shuffled", purpose: "shuffled", side: head, patch, shuffle: true, controlled });
  if (mixed.oldTests !== undefined) {
    const side = mixed.oldTests;
    tools.progress({ kind: "phase", phase: "head", detail: "with the base's tests" });
    await go({ key: "old-tests", purpose: "old-tests", side, patch: side.snapshot.digest });
  }
  return gathered;
}

async function runSide(
  run: Run,
  tools: JudgeTools,
  subject: Subject,
  gathered: Gathered,
  request: RunRequest,
): Promise<Observation> {
  const { key, purpose, side, patch, shuffle, controlled } = request;
  const collected = gathered.cited.find(({ purpose: made }) => made === "head")?.observation.report.collected;
  const input = { tree: side.snapshot.digest, runner: side.profile.runner, purpose };
  return record(run, tools, gathered, { key, input, isHead: patch !== undefined }, async () => {
    await using workspace = await tools.workspaces.open(side.snapshot, attemptName(run.id, "judge", key));
    return await observe(tools, {
      purpose,
      snapshot: side.snapshot,
      profile: side.profile,
      workspace,
      base: subject.base.snapshot.digest,
      ...(patch === undefined ? {} : { patch }),
      ...(shuffle ? { shuffleSeed: seedOf(subject.patch) } : {}),
      // Drawn when it runs: whoever made the change cannot have known it.
      ...(controlled === undefined
        ? {}
        : { controls: { seed: randomInt(seedEnd), targets: controlled, ...(collected && { collected }) } }),
      ...(controlled === undefined || subject.goal.minLevel === undefined ? {} : { minLevel: subject.goal.minLevel }),
      ...limitsOf(gathered),
      signal: run.abort,
    });
  });
}

const seedEnd = 2 ** 47;

/** One recorded run of tests: within the budget, and in the journal before anything depends on it. */
export async function record(
  run: Run,
  tools: JudgeTools,
  gathered: Gathered,
  step: { key: string; input: unknown; isHead: boolean },
  fn: () => Promise<Observed>,
): Promise<Observation> {
  const reservation = await run.reserve(`${step.key}.time`, { wallMs: 1 });
  const { evidence } = await run.step(`run.${step.key}`, step.input, fn);
  await reservation.settle({ wallMs: evidence.durationMs });
  await run.emit({ type: "evidence-recorded", ...(step.isHead ? { candidate: changeId } : {}), evidence });
  crashPoint("evidence-recorded");
  const observation = await loadObservation(tools.blobs, evidence.digest);
  gathered.evidence.push(evidence);
  gathered.cited.push({ digest: evidence.digest, purpose: evidence.purpose, observation });
  return observation;
}

export function limitsOf({ wallMsMax, testMsMax }: Gathered): Pick<ObserveRequest, "limits" | "testMsMax"> {
  return { limits: { ...suiteLimits, wallMsMax }, ...(testMsMax === 0 ? {} : { testMsMax }) };
}

/** Ten times the slowest test that passed, at least five seconds: more is a test that hangs. */
function testLimit({ report }: Observation): number {
  const passed = report.results.filter(({ outcome }) => outcome === "passed").map(({ durationMs }) => durationMs);
  return Math.max(5_000, ...passed.map((ms) => ms * 10));
}

/** The same for the same change, and nothing that its author could choose without changing it. */
function seedOf(patch: Digest): number {
  return Number.parseInt(patch.slice(-7), 16);
}

/** A runner that cannot start on the base for want of something here has nothing to say about any change. */
function refuseUnstarted({ report }: Observation, base: Side): void {
  if (report.collected.length > 0) return;
  const broken = classify(report, base).find(
    ({ environment, failure }) => environment && failure.testFile === undefined && failure.file === undefined,
  );
  if (broken === undefined) return;
  raise(
    "environment-broken",
    `the tests of the base cannot be started here: ${broken.failure.message}`,
    "run the project's tests by hand, and `assay doctor`",
  );
}

/** Sides that show nothing end the run here, with what the person needs to know. */
function refuseNothing(base: Observation, head: Observation): void {
  const nothing = [base, head].every(
    ({ report }) => report.collected.length === 0 && report.collectionErrors.length === 0,
  );
  if (!nothing) return;
  if (base.report.complete && head.report.complete) {
    raise("no-tests", "no test was collected on either side", "a change without tests cannot be judged: write one");
  }
  raise("oracle-unavailable", "the test runner gave no report on either side", "run the project's tests by hand");
}
