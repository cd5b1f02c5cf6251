import type {
  Digest,
  Expectation,
  Observation,
  Reason,
  ReasonCode,
  Termination,
  TestOutcome,
  TestResult,
  Verdict,
  VerdictLevel,
} from "@assay/sdk";
import { levelShown, passedControls, withoutControl } from "./level-shown.ts";
import { rewrittenDetail, rewrittenOnly } from "./rewritten-oracle.ts";
import { uncollectedFile } from "./uncollected-file.ts";
import { isAtLeast, strongest } from "./verdict-level.ts";

export type CitedObservation = { digest: Digest; observation: Observation };

const subjectsMax = 100;

/** Outcomes that speak against a change. A test cut off by the sandbox's own clock is a doubt, not a failure. */
function failing({ outcome }: { outcome: TestOutcome }, termination: Termination): boolean {
  if (outcome === "timed-out") return termination.kind === "exited";
  return outcome === "failed" || outcome === "errored";
}

/**
 * Compares what was expected of a change with what was seen. Pure; the order of the observations does not matter.
 *
 * Failures seen in a candidate's own process are trusted, passes only to the level stated: so what rejects is looked for
 * first, then what is missing for a pass, and only a judgement without either accepts. Removing an observation
 * never turns a verdict into `accepted`, since fewer observations than were made are too little, and never raises its level.
 * What workers alone have seen decides nothing.
 */
export function judge(expectation: Expectation, given: readonly CitedObservation[]): Verdict {
  // One run shown twice is still one run.
  const cited = [...new Map(given.map((one) => [one.digest, one])).values()];
  // Every run has to show the whole pass, so the best of them would carry it alone.
  const subjects = { tests: expectation.targets, files: expectation.targetFiles };
  const level = strongest(cited.map(({ observation }) => levelShown(observation, subjects)));
  const conclude = (kind: Verdict["kind"], reasons: Reason[]): Verdict => ({
    kind,
    reasons,
    evidence: cited.map(({ digest }) => digest).sort(),
    level,
  });

  if (expectation.oracleTouched.length > 0) {
    return conclude("rejected", [
      reason("oracle-touched", "the change touches files that decide its own verdict", expectation.oracleTouched),
    ]);
  }
  const observations = cited.map(({ observation }) => observation);
  const doubts = findDoubts(expectation, observations);
  // A run that was about something else, or against another oracle, says nothing: not even its failures count.
  const foreign = doubts.filter(({ code }) => code === "too-little-evidence" || code === "oracle-changed");
  if (foreign.length > 0) return conclude("inconclusive", foreign);

  const rewritten = rewrittenOnly(observations, expectation.rewrittenBefore ?? []);
  if (rewritten.length > 0) doubts.push(reason("oracle-changed", rewrittenDetail, rewritten));
  const rejections = findRejections(expectation, observations);
  const flaky = [...new Set([...flakyTests(expectation, observations), ...(expectation.unsteady ?? [])])].sort();
  if (flaky.length > 0) {
    doubts.unshift(reason("flaky", "passed in one run and failed in another of the same change", flaky));
  }
  const steady = rejections.filter(({ subjects }) => subjects.length === 0 || subjects.some((s) => !flaky.includes(s)));
  if (steady.length > 0) return conclude("rejected", steady);
  if (doubts.length > 0) return conclude("inconclusive", doubts);
  if (!isAtLeast(level, expectation.minLevel)) {
    return conclude("inconclusive", [levelTooLow(expectation, level, observations)]);
  }
  const passed = new Set([...mustPass(expectation), ...observations.flatMap((one) => newTests(expectation, one))]);
  return conclude("accepted", [
    reason("all-expected-passed", `all ${passed.size} expected tests passed in ${cited.length} fresh runs`, [
      ...expectation.targets,
      ...expectation.targetFiles,
    ]),
  ]);
}

function reason(code: ReasonCode, detail: string, subjects: readonly string[]): Reason {
  return { code, detail, subjects: subjects.slice(0, subjectsMax) };
}

function levelTooLow(expectation: Expectation, level: VerdictLevel, observations: readonly Observation[]): Reason {
  const { minLevel, targets: tests, targetFiles: files } = expectation;
  const detail = `reached level ${level}, this change needs ${minLevel}`;
  const controlled = observations.find((one) => one.level === "controlled");
  if (controlled !== undefined && minLevel === "controlled") {
    const unchecked = withoutControl(controlled, { tests, files });
    return reason("level-too-low", `${detail}: no altered copy of these is there and failed`, unchecked);
  }
  const why = observations.find(({ uncontrolled }) => uncontrolled !== undefined)?.uncontrolled;
  return reason("level-too-low", why === undefined ? detail : `${detail}: ${why}`, []);
}

/** What was to be healed is never excused. */
function isExcused({ excused, targets }: Expectation, id: string): boolean {
  return Object.hasOwn(excused, id) && !targets.includes(id);
}

/** Everything that was collected or is to be healed, and is not excused. */
export function mustPass(expectation: Expectation): string[] {
  const expected = new Set([...expectation.collected, ...expectation.targets]);
  return [...expected].filter((id) => !isExcused(expectation, id));
}

/** Passed tests of files that could not be collected before: nobody could name them when the expectation was written. */
function newTests({ collected, targetFiles }: Expectation, { report }: Observation): string[] {
  if (targetFiles.length === 0) return [];
  const known = new Set(collected);
  return report.results
    .filter(({ id, file, outcome }) => outcome === "passed" && targetFiles.includes(file) && !known.has(id))
    .map(({ id }) => id);
}

/** Everything that stands between these observations and a pass without speaking against the change. */
function findDoubts(expectation: Expectation, observations: readonly Observation[]): Reason[] {
  const doubts: Reason[] = [];
  if (observations.length !== expectation.observationsMade) {
    doubts.push(
      reason("too-little-evidence", `${expectation.observationsMade} runs made, ${observations.length} shown`, []),
    );
  }
  const about = observations.filter(({ base, patch }) => base !== expectation.base || patch !== expectation.patch);
  if (about.length > 0) doubts.push(reason("too-little-evidence", "a run was about another change", []));
  if (observations.length > 0 && observations.every(({ worker }) => worker !== undefined)) {
    doubts.push(reason("too-little-evidence", "none of the runs was made here: workers alone saw them", []));
  }
  if (observations.some(({ selection }) => selection.length > 0)) {
    doubts.push(reason("too-little-evidence", "only a selection of the tests was run", []));
  }
  const others = observations.filter(({ oracle }) => oracle !== expectation.oracle);
  if (others.length > 0) {
    doubts.push(reason("oracle-changed", "the tests were not those of the base", rewrittenOnly(others, [])));
  }
  if (expectation.targets.length + expectation.targetFiles.length === 0) {
    doubts.push(reason("no-tests", "no test could have shown the change to be right", []));
  }
  // The copies of a test that comes and goes by itself come and go with it.
  const both = observations.flatMap(passedControls).filter((id) => !isExcused(expectation, id));
  const unchecked = [...new Set(both)].sort();
  if (unchecked.length > 0) {
    doubts.push(reason("control-passed", "altered copies that must fail passed too: nothing checked these", unchecked));
  }
  for (const { termination, report } of observations) {
    if (termination.kind === "sandbox-fault") {
      doubts.push(reason("sandbox-fault", termination.message, []));
    } else if (termination.kind !== "exited") {
      doubts.push(reason("limit-hit", `the run was ended: ${JSON.stringify(termination)}`, []));
    }
    const answered = new Set(report.results.filter(({ outcome }) => outcome !== "not-run").map(({ id }) => id));
    const collected = new Set([...mustPass(expectation), ...report.collected]);
    const unanswered = [...collected].filter((id) => !answered.has(id) && !isExcused(expectation, id));
    const proven = new Set(report.results.filter(({ outcome }) => outcome === "passed").map(({ file }) => file));
    const silent = expectation.targetFiles.filter((file) => !proven.has(file));
    if (silent.length > 0) doubts.push(reason("no-tests", "no test of these files passed", silent));
    if (!report.complete) doubts.push(reason("incomplete-report", "the runner's closing event was not seen once", []));
    if (unanswered.length > 0) doubts.push(reason("incomplete-report", "tests were collected but not run", unanswered));
  }
  return doubts;
}

/** Everything that speaks against the change. */
function findRejections(expectation: Expectation, observations: readonly Observation[]): Reason[] {
  const rejections: Reason[] = [];
  const targets = new Set(expectation.targets);
  const known = new Set(expectation.collected);
  const ofTarget = ({ id, file }: TestResult) => !known.has(id) && expectation.targetFiles.includes(file);
  for (const { report, termination } of observations) {
    const failed = report.results.filter(
      (result) => failing(result, termination) && !isExcused(expectation, result.id),
    );
    const hadToTurn = (result: TestResult) => targets.has(result.id) || ofTarget(result);
    const stillRed = failed.filter(hadToTurn).map(({ id }) => id);
    const newlyRed = failed.filter((result) => !hadToTurn(result)).map(({ id }) => id);
    if (stillRed.length > 0) rejections.push(reason("test-failed", "tests that had to turn green are red", stillRed));
    if (newlyRed.length > 0) rejections.push(reason("test-regressed", "tests that were green are red", newlyRed));

    const uncollected = report.collectionErrors
      .map(uncollectedFile)
      .filter((file) => expectation.targetFiles.includes(file) || !expectation.excusedFiles.includes(file));
    if (uncollected.length > 0) rejections.push(reason("test-failed", "files cannot be collected", uncollected));

    const seen = new Set(report.collected);
    const missing = report.complete ? expectation.collected.filter((id) => !seen.has(id)) : [];
    if (missing.length > 0) rejections.push(reason("set-shrank", "tests of the base are gone", missing));

    const skipped = report.results
      // What a file skips that could not be collected before was perhaps always to be skipped.
      .filter((result) => result.outcome === "skipped" && !isExcused(expectation, result.id) && !ofTarget(result))
      .map(({ id }) => id);
    if (skipped.length > 0) rejections.push(reason("new-skip", "tests are skipped that were not before", skipped));
  }
  return rejections;
}

function flakyTests(expectation: Expectation, observations: readonly Observation[]): string[] {
  const outcomes = new Map<string, Set<"passed" | "failed">>();
  for (const { report, termination } of observations) {
    for (const result of report.results) {
      if (isExcused(expectation, result.id)) continue;
      const failed = failing(result, termination);
      if (result.outcome !== "passed" && !failed) continue;
      const seen = outcomes.get(result.id) ?? new Set();
      outcomes.set(result.id, seen.add(failed ? "failed" : "passed"));
    }
  }
  return [...outcomes]
    .filter(([, seen]) => seen.size === 2)
    .map(([id]) => id)
    .sort();
}
