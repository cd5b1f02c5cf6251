import type { ClassifiedFailure, Result } from "@assay/sdk";
import { faultPolicy, raise } from "#domain";
import type { Baseline } from "./baseline.ts";
import type { Case, Judged } from "./check.ts";
import type { LockedIn } from "./lock-in.ts";
import type { Project } from "./project.ts";
import type { Searched } from "./search.ts";

/** Nothing red that could be healed: all green is done, only flakes is inconclusive, only the environment is a fault. */
export function nothingToHeal(project: Project, baseline: Baseline, failures: readonly ClassifiedFailure[]): Result {
  const broken = failures.filter(({ environment }) => environment);
  if (broken.length > 0) {
    const messages = [...new Set(broken.map(({ failure }) => failure.message))].slice(0, 3).join("; ");
    raise(
      "dependency-missing",
      `the tests need something that is not installed: ${messages}`,
      "install the project's dependencies, then try again",
    );
  }
  const base = { type: "result", base: project.snapshot.digest, candidatesTried: 0 } as const;
  if (baseline.flaky.length > 0) {
    return {
      ...base,
      outcome: "inconclusive",
      exitCode: 3,
      summary: `The only tests that failed are flaky: ${list(baseline.flaky)}. They failed in one run and passed in another of the same code.`,
    };
  }
  const green = baseline.report.results.filter(({ outcome }) => outcome === "passed").length;
  const which = baseline.selected === undefined ? "" : " of the selected";
  return { ...base, outcome: "nothing-to-do", exitCode: 0, summary: `Nothing to heal: none${which} of ${green} passing tests fails.` };
}

export function healed(subject: Case, searched: Searched, proven: Judged, left: LockedIn): Result {
  const { provenance } = proven.candidate;
  const count = subject.targets.tests.length + subject.targets.files.length;
  return {
    type: "result",
    outcome: "accepted",
    exitCode: 0,
    summary: `Healed ${count} failing test${count === 1 ? "" : "s"}: ${provenance.summary}.`,
    verdict: proven.verdict,
    base: subject.project.snapshot.digest,
    healedTests: [...subject.targets.tests],
    stillFailingTests: stillFailing(subject),
    candidatesTried: searched.tried,
    ...left,
  };
}

/** Says what is known when no candidate was accepted: where the fault probably is, the smallest failing test, what was tried. */
export function notFound(subject: Case, searched: Searched): Result {
  const best = searched.judged.find(({ verdict }) => verdict.kind === "inconclusive") ?? searched.judged[0];
  const outcome = best?.verdict.kind === "inconclusive" ? "inconclusive" : "not-found";
  const suspect = searched.suspects[0];
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
    stillFailingTests: [...subject.targets.tests, ...stillFailing(subject)],
    candidatesTried: searched.tried,
    ...(best === undefined ? {} : { verdict: best.verdict }),
  };
}

function stillFailing({ baseline, targets }: Case): string[] {
  const healed = new Set(targets.tests);
  return baseline.report.results
    .filter(({ id, outcome }) => ["failed", "errored", "timed-out"].includes(outcome) && !healed.has(id))
    .map(({ id }) => id);
}

function smallestFailingTest({ baseline, targets }: Case): string | undefined {
  const wanted = new Set(targets.tests);
  return baseline.report.results
    .filter(({ id }) => wanted.has(id))
    .sort((a, b) => a.durationMs - b.durationMs)[0]?.id;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
