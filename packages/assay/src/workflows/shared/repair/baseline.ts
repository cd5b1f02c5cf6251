import type { Digest, Evidence, EvidencePurpose, TestReport } from "@assay/sdk";
import { attemptName, isRed, raise, suiteLimits, suiteWallMs, uncollectedFile } from "#domain";
import type { Run } from "#engine";
import { compareBaselines } from "#oracle";
import { loadObservation, type Observed, observe, refuseUnobserved } from "../observe.ts";
import { oracleDigest } from "../oracle-digest.ts";
import type { RepairGoal, RepairTools } from "./goal.ts";
import type { Project } from "./project.ts";

/** What the project's tests showed before anything was changed. */
export type Baseline = {
  report: TestReport;
  /** Digest over the pristine oracle. */
  oracle: Digest;
  evidence: readonly Evidence[];
  /** Outcomes that differed between two runs of the same code; sorted. */
  flaky: readonly string[];
  /** Test files that could be collected in one of the runs only; sorted. */
  flakyFiles: readonly string[];
  /** Oracle files that the project's own runs write. */
  rewritten: readonly string[];
  /** Both runs came to their end and answered for every test they had collected. */
  whole: boolean;
  /** The user's selection, as test ids; absent: every test. */
  selected?: ReadonlySet<string>;
  /** Red in both runs, selected and not flaky. */
  red: readonly string[];
  /** For later runs of the same suite, and for one test in them. */
  wallMsMax: number;
  testMsMax: number;
};

/** Runs the project's tests twice as they are: what differs is a flake, what is red in both can be healed. */
export async function takeBaseline(
  run: Run,
  goal: RepairGoal,
  tools: RepairTools,
  project: Project,
): Promise<Baseline> {
  tools.progress({ kind: "phase", phase: "baseline" });
  const firstWallMs = Math.min(suiteLimits.wallMsMax, run.budget.total.wallMsMax);
  const first = await observeBase(run, tools, project, "baseline", firstWallMs);
  const seen = await loadObservation(tools.blobs, first.evidence.digest);
  const { report } = seen;
  const oracle = await oracleDigest(project.snapshot, project.profile.oracleFiles);
  refuseUnusable(report, first);

  const wallMsMax = suiteWallMs(first.evidence.durationMs);
  tools.progress({ kind: "phase", phase: "baseline", detail: "again, to find flakes" });
  const second = await observeBase(run, tools, project, "baseline-repeat", wallMsMax);
  const repeated = await loadObservation(tools.blobs, second.evidence.digest);
  if (!repeated.report.complete && report.complete) {
    const why = second.lastWords === "" ? JSON.stringify(second.termination) : second.lastWords;
    raise("oracle-unavailable", `the tests gave a report the first time and none the second: ${why}`);
  }
  const { flaky, flakyFiles } = compareBaselines(report, repeated.report);
  if (flaky.length + flakyFiles.length > 0) {
    const evidence = [first.evidence.digest, second.evidence.digest];
    const subjects = [...flaky, ...flakyFiles];
    await run.emit({ type: "flakes-quarantined", tests: subjects, evidence });
    await run.emit({
      type: "violation-found",
      id: "baseline-repeat.flake",
      kind: "flake",
      step: "baseline-repeat",
      expected: "the unchanged project gives the same outcomes twice",
      observed: `${subjects.length === 1 ? subjects[0] : `${subjects.length} tests`} did not`,
      subjects: subjects.slice(0, 100),
      evidence,
    });
  }
  const selected = goal.tests.length === 0 ? undefined : await selectTests(run, goal, tools, project, wallMsMax);
  const red = report.results
    .filter(({ id, outcome }) => isRed(outcome) && !flaky.includes(id) && (selected?.has(id) ?? true))
    .map(({ id }) => id);
  return {
    report,
    oracle,
    evidence: [first.evidence, second.evidence],
    flaky,
    flakyFiles,
    rewritten: [...(seen.rewritten ?? []), ...(repeated.rewritten ?? [])],
    whole: [first, second].every(isWhole) && [report, repeated.report].every(answersAll),
    red,
    wallMsMax,
    testMsMax: testLimit(report),
    ...(selected === undefined ? {} : { selected }),
  };
}

function isWhole({ termination }: Observed): boolean {
  return termination.kind === "exited";
}

function answersAll({ complete, results }: TestReport): boolean {
  return complete && results.every(({ outcome }) => outcome !== "not-run");
}

/** Ten times the slowest test that passed, at least five seconds: more is a test that hangs. */
function testLimit(report: TestReport): number {
  const slowestMs = Math.max(
    0,
    ...report.results.filter(({ outcome }) => outcome === "passed").map((r) => r.durationMs),
  );
  return Math.max(5_000, slowestMs * 10);
}

async function observeBase(
  run: Run,
  tools: RepairTools,
  project: Project,
  purpose: EvidencePurpose,
  wallMsMax: number,
): Promise<Observed> {
  const input = { base: project.snapshot.digest, runner: project.profile.runner };
  const reservation = await run.reserve(`${purpose}.time`, { wallMs: 1 });
  const observed = await run.step(purpose, input, async () => {
    await using workspace = await tools.workspaces.open(project.snapshot, attemptName(run.id, "base", purpose));
    const limits = { ...suiteLimits, wallMsMax };
    return await observe(tools, { purpose, ...project, workspace, limits, signal: run.abort });
  });
  await reservation.settle({ wallMs: observed.evidence.durationMs });
  await run.emit({ type: "evidence-recorded", evidence: observed.evidence });
  return observed;
}

/** A baseline that tells nothing ends the run here, with what the person needs to know. */
function refuseUnusable(report: TestReport, observed: Observed): void {
  const { termination } = observed;
  if (report.collected.length === 0 && report.collectionErrors.length === 0) {
    if (termination.kind === "exited" && report.complete) {
      raise("no-tests", "no test was collected", "write a test that shows what should work, or name one with --tests");
    }
    raise(
      "oracle-unavailable",
      `the test runner gave no report: ${observed.lastWords}`,
      "run the project's tests by hand",
    );
  }
  const misused = report.collectionErrors.find(({ type }) => type === "UsageError");
  if (report.collected.length === 0 && misused !== undefined) {
    raise(
      "environment-broken",
      `the test runner does not accept the project's configuration: ${observed.lastWords || misused.message}`,
      "install the plugin that the configuration needs, or correct the configuration",
    );
  }
  if (termination.kind === "timed-out" || termination.kind === "limited") {
    const hung = report.results.filter(({ outcome }) => outcome === "timed-out").map(({ id }) => id);
    const cause =
      termination.kind === "timed-out" ? `${termination.wallMsMax / 1000} s` : `the ${termination.by} limit`;
    raise(
      "oracle-unavailable",
      `the tests did not end within ${cause}${hung.length > 0 ? `; running then: ${hung.join(", ")}` : ""}`,
      "name the tests to heal with --tests, or set a time limit in the test itself",
    );
  }
}

/** Asks the runner which tests the user's selectors mean. */
async function selectTests(
  run: Run,
  goal: RepairGoal,
  tools: RepairTools,
  project: Project,
  wallMsMax: number,
): Promise<Set<string>> {
  const ids = await run.step("select", { base: project.snapshot.digest, tests: goal.tests }, async () => {
    await using workspace = await tools.workspaces.open(project.snapshot, attemptName(run.id, "base", "select"));
    const { report, termination } = await tools.runners[project.profile.runner].run({
      profile: project.profile,
      workspace,
      selection: goal.tests,
      limits: { ...suiteLimits, wallMsMax },
      signal: run.abort,
    });
    refuseUnobserved(termination);
    // A selector that means nothing is an error of the command line to some runners.
    const uncollected = report.collectionErrors.filter(({ type }) => type !== "UsageError");
    return [...report.collected, ...uncollected.map(uncollectedFile)];
  });
  if (ids.length === 0) {
    raise(
      "no-tests",
      `no test is selected by ${goal.tests.join(" ")}`,
      "use the runner's own syntax for a test or a file",
    );
  }
  return new Set(ids);
}
