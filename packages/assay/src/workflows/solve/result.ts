import type { Result } from "@assay/sdk";
import { faultPolicy, isRed } from "#domain";
import type { Best } from "../shared/repair/best-of.ts";
import type { Case, Judged } from "../shared/repair/check.ts";
import type { LockedIn } from "../shared/repair/lock-in.ts";
import type { Searched } from "../shared/repair/searched.ts";
import type { HiddenCheck } from "./check-hidden.ts";
import type { Counted } from "./count-passed.ts";
import type { Delivered } from "./deliver.ts";
import type { SolveGoal } from "./tools.ts";

/** A solution that all tests accept, with its receipt. */
export function solved(
  subject: Case,
  { proven, searched, attempts }: { proven: Judged; searched: Searched; attempts: number },
  counts: { visible: Counted; hidden?: Counted },
  left: LockedIn,
  delivered: Delivered,
): Result {
  const { fault, solution } = delivered;
  return {
    type: "result",
    outcome: "accepted",
    exitCode: fault === undefined ? 0 : faultPolicy(fault.code).exitCode,
    summary: `Solved at attempt ${attempts}: ${gap(counts)}.${fault === undefined ? "" : ` Not written: ${fault.message}.`}`,
    verdict: proven.verdict,
    base: subject.project.snapshot.digest,
    healedTests: [...proven.targets.tests],
    stillFailingTests: [],
    candidatesTried: searched.tried,
    solution,
    ...countsOf(counts),
    ...(fault === undefined ? {} : { fault }),
    ...left,
  };
}

/** A solution that passes what the proposer saw, and not what it did not see: nobody is asked to try again, for that would tell. */
export function refusedByHidden(
  { subject, judged, visible, hidden, hiddenRed }: Extract<HiddenCheck, { kind: "judged" }>,
  { searched, attempts }: { searched: Searched; attempts: number },
  delivered: Delivered,
): Result {
  const { verdict } = judged;
  const said =
    verdict.kind === "rejected" ? "the hidden tests refuse it" : "what the hidden tests say could not be judged";
  const reason = verdict.reasons[0]?.detail ?? "";
  return {
    type: "result",
    outcome: verdict.kind === "rejected" ? "rejected" : "inconclusive",
    exitCode: verdict.kind === "rejected" ? 1 : faultPolicy("oracle-unavailable").exitCode,
    summary: `The solution of attempt ${attempts} passes what the proposer saw, but ${said} (${gap({ visible, hidden })}; ${reason}). Show more of the tests, or describe what is wanted more exactly.`,
    verdict,
    base: subject.project.snapshot.digest,
    stillFailingTests: hiddenRed,
    candidatesTried: searched.tried,
    ...countsOf({ visible, hidden }),
    ...delivered,
  };
}

/** Nobody found a solution: what came nearest, what it fails, and how to go on. */
export function notSolved(
  subject: Case,
  { searched, attempts }: { searched: Searched; attempts: number },
  best: Best | undefined,
  goal: SolveGoal,
  kept: Delivered | undefined,
): Result {
  const fault = best === undefined ? searched.faults.at(-1) : undefined;
  const isDoubt = best?.judged.verdict.kind === "inconclusive";
  const results = best?.report?.results ?? [];
  const visible = {
    passed: results.filter(({ outcome }) => outcome === "passed").length,
    total: subject.baseline.report.collected.length,
  };
  const red =
    best?.report === undefined
      ? subject.targets.tests
      : results.filter(({ outcome }) => isRed(outcome)).map(({ id }) => id);
  const why = best?.judged.verdict.reasons[0]?.detail ?? fault?.message;
  const passes =
    best?.report === undefined ? "The last was refused" : `The best passes ${visible.passed} of ${visible.total} tests`;
  const nearest = best === undefined ? (why === undefined ? "" : ` ${why}.`) : ` ${passes}: ${why}.`;
  const what = isDoubt ? "A solution could not be judged" : "No solution was found";
  return {
    type: "result",
    outcome: fault !== undefined ? "failed" : isDoubt ? "inconclusive" : "not-found",
    exitCode: fault !== undefined ? faultPolicy(fault.code).exitCode : isDoubt ? 3 : 1,
    summary: `${what} in ${attempts} ${attempts === 1 ? "attempt" : "attempts"}.${nearest} ${wayOn(goal, searched, attempts)}`,
    base: subject.project.snapshot.digest,
    stillFailingTests: [...red],
    candidatesTried: searched.tried,
    ...(best === undefined ? {} : { verdict: best.judged.verdict }),
    ...(best?.report === undefined ? {} : { visibleTests: visible }),
    ...(fault === undefined ? {} : { fault }),
    ...kept,
  };
}

function wayOn({ proposers }: SolveGoal, { judged, faults }: Searched, attempts: number): string {
  if (judged.length === 0 && faults.length === 0 && proposers === undefined) {
    return "The search changes code and writes none: name who writes it, e.g. --proposer model:PROVIDER/MODEL.";
  }
  return `Go on with more attempts (--max-attempts ${Math.max(1, attempts) * 2}), another proposer, or a description that says more.`;
}

function countsOf({ visible, hidden }: { visible: Counted; hidden?: Counted }) {
  return { visibleTests: visible, ...(hidden === undefined ? {} : { hiddenTests: hidden }) };
}

/** How far what was seen and what was not seen are apart. */
function gap({ visible, hidden }: { visible: Counted; hidden?: Counted }): string {
  const said = ({ passed, total }: Counted) => `${passed}/${total}`;
  return hidden === undefined ? `${said(visible)} tests pass` : `visible ${said(visible)}, hidden ${said(hidden)}`;
}
