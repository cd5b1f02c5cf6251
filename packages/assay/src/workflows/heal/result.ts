import type { ClassifiedFailure, Result } from "@assay/sdk";
import { faultPolicy, isRed, raise, uncollectedFile } from "#domain";
import type { Baseline } from "../shared/repair/baseline.ts";
import type { Case, Judged } from "../shared/repair/check.ts";
import { brokenTestFiles } from "../shared/repair/expect.ts";
import type { LockedIn } from "../shared/repair/lock-in.ts";
import type { Project } from "../shared/repair/project.ts";
import type { Searched } from "../shared/repair/searched.ts";

/** Nothing red that could be healed: all green is done, only flakes is inconclusive, only the environment is a fault. */
export function nothingToHeal(project: Project, baseline: Baseline, failures: readonly ClassifiedFailure[]): Result {
  const isSelected = (id: string) => baseline.selected?.has(id) ?? true;
  const broken = failures.filter(
    ({ environment, tests, failure }) => environment && [...tests, uncollectedFile(failure)].some(isSelected),
  );
  if (broken.length > 0) {
    const messages = [...new Set(broken.map(({ failure }) => failure.message))].slice(0, 3).join("; ");
    raise(
      "dependency-missing",
      `the tests need something that is not installed: ${messages}`,
      "install the project's dependencies, then try again",
    );
  }
  const base = { type: "result", base: project.snapshot.digest, candidatesTried: 0 } as const;
  const unreadable = brokenTestFiles(failures, project.profile.sourceFiles).filter(isSelected);
  if (unreadable.length > 0) {
    const [first] = failures.filter(({ failure }) => failure.file === unreadable[0]);
    const where = `${list(unreadable)}${first?.failure.line === undefined ? "" : ` (line ${first.failure.line})`}`;
    const summary = `There is nothing that heal may change: ${where} does not parse, and heal leaves tests as they are.`;
    return { ...base, outcome: "not-found", exitCode: 1, summary };
  }
  const inconclusive = (summary: string): Result => ({ ...base, outcome: "inconclusive", exitCode: 3, summary });
  const flaky = [...baseline.flaky, ...baseline.flakyFiles].filter(isSelected);
  if (flaky.length > 0) {
    const which = `The only tests that failed are flaky: ${list(flaky)}.`;
    return inconclusive(`${which} They failed in one run and passed in another of the same code.`);
  }
  if (!baseline.whole) {
    const silent = baseline.report.results.filter(({ outcome }) => outcome === "not-run").map(({ id }) => id);
    const which = silent.length === 0 ? "" : ` No answer came from ${list(silent)}.`;
    return inconclusive(`No test failed, but the tests ended before all had answered.${which}`);
  }
  const green = baseline.report.results.filter(({ id, outcome }) => outcome === "passed" && isSelected(id)).length;
  if (green === 0) return inconclusive("No test failed, and none passed: all of them are skipped.");
  const which = baseline.selected === undefined ? "" : " of the selected";
  return {
    ...base,
    outcome: "nothing-to-do",
    exitCode: 0,
    summary: `Nothing to heal: all${which} tests pass (${green}).`,
  };
}

const resultShownMax = 60;

/** A proven change. One that leaves some of the goal red is kept and told, but the goal was not reached. */
export function healed(
  subject: Case,
  searched: Searched,
  proven: Judged,
  stillRed: readonly string[],
  left: LockedIn,
): Result {
  const { summary } = proven.candidate.provenance;
  const healedTests = [...proven.targets.tests];
  const gained = new Set(healedTests);
  const gainedFiles = new Set(proven.targets.files);
  const missed = [
    ...subject.targets.tests.filter((id) => !gained.has(id)),
    ...subject.targets.files.filter((file) => !gainedFiles.has(file)),
  ];
  const common = {
    type: "result" as const,
    verdict: proven.verdict,
    base: subject.project.snapshot.digest,
    healedTests,
    stillFailingTests: [...stillRed],
    candidatesTried: searched.tried,
    ...left,
  } satisfies Partial<Result>;
  const count = healedTests.length + proven.targets.files.length;
  const what = healedTests.length === 0 ? "test file that could not be loaded" : "failing test";
  const whats = healedTests.length === 0 ? "test files that could not be loaded" : "failing tests";
  const tests = (n: number) => `${n} ${n === 1 ? what : whats}`;
  const { ambiguity } = searched;
  if (missed.length === 0 && ambiguity !== undefined) {
    const short = (text: string) => (text.length > resultShownMax ? `${text.slice(0, resultShownMax)}…` : text);
    const told = ambiguity.results.map((one) => `${short(one.result)} (${one.summary})`).join(", or ");
    return {
      ...common,
      outcome: "ambiguous",
      exitCode: 3,
      ambiguity,
      summary: `${ambiguity.results.length} changes turn ${tests(count)} green, and nothing says which is meant: ${ambiguity.call} is then ${told}. Add a test of that.`,
    };
  }
  if (missed.length === 0) {
    const others = searched.uncompared ?? 0;
    const more =
      others === 0
        ? ""
        : ` ${others} other ${others === 1 ? "change turns" : "changes turn"} the same tests green and could not be compared with it: look at the diff.`;
    return { ...common, outcome: "accepted", exitCode: 0, summary: `Healed ${tests(count)}: ${summary}.${more}` };
  }
  return {
    ...common,
    outcome: "not-found",
    exitCode: 1,
    summary: `Healed ${count} of ${tests(count + missed.length)} (${summary}); no proven fix was found for ${list(missed)}.`,
  };
}

/** Nothing was tried since no proposer could be asked: that is no word on the project, but on those who were to be asked. */
export function nobodyAnswered(subject: Case, { judged, tried, faults }: Searched): Result | undefined {
  const fault = faults.at(-1);
  if (fault === undefined || tried > 0 || judged.length > 0) return undefined;
  return {
    type: "result",
    outcome: "failed",
    exitCode: faultPolicy(fault.code).exitCode,
    summary: `Nobody could be asked: ${fault.message}.`,
    fault,
    base: subject.project.snapshot.digest,
    stillFailingTests: [...subject.targets.tests],
    candidatesTried: 0,
  };
}

/** Says what is known when no candidate was accepted: where the fault probably is, the smallest failing test, what was tried. */
export function notFound(subject: Case, searched: Searched, failures: readonly ClassifiedFailure[]): Result {
  const best = searched.judged.find(({ verdict }) => verdict.kind === "inconclusive") ?? searched.judged[0];
  const outcome = best?.verdict.kind === "inconclusive" ? "inconclusive" : "not-found";
  const suspect = searched.suspects[0] ?? failedAt(failures);
  const place = suspect === undefined ? "" : ` The fault is probably near ${suspect.file}:${suspect.line}.`;
  const smallest = smallestFailingTest(subject);
  const start = smallest === undefined ? "" : ` The quickest failing test is ${smallest}.`;
  const reason = best === undefined ? "" : ` ${best.verdict.reasons[0]?.detail ?? ""}.`;
  return {
    type: "result",
    outcome,
    exitCode: outcome === "inconclusive" ? faultPolicy("oracle-unavailable").exitCode : 1,
    summary: `${outcome === "inconclusive" ? `A candidate could not be judged:${reason}` : "No proven fix was found"} after ${searched.tried} candidates.${place}${start}`,
    base: subject.project.snapshot.digest,
    stillFailingTests: [...subject.targets.tests, ...failingElsewhere(subject)],
    candidatesTried: searched.tried,
    ...(best === undefined ? {} : { verdict: best.verdict }),
  };
}

/** Red before and not asked for. */
function failingElsewhere({ baseline, targets }: Case): string[] {
  const healed = new Set(targets.tests);
  return baseline.report.results.filter(({ id, outcome }) => isRed(outcome) && !healed.has(id)).map(({ id }) => id);
}

function smallestFailingTest({ baseline, targets }: Case): string | undefined {
  const wanted = new Set(targets.tests);
  return baseline.report.results.filter(({ id }) => wanted.has(id)).sort((a, b) => a.durationMs - b.durationMs)[0]?.id;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** Where the first failure came from, as far as its trace tells. */
function failedAt(failures: readonly ClassifiedFailure[]): { file: string; line: number } | undefined {
  for (const { failure } of failures) {
    const [frame] = failure.frames;
    if (frame !== undefined) return frame;
    if (failure.file !== undefined && failure.line !== undefined) return { file: failure.file, line: failure.line };
  }
  return undefined;
}
