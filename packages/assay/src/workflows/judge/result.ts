import type { ChangeExpectation, Result, Verdict } from "@assay/sdk";
import type { LockedIn } from "../shared/lock-in-judgement.ts";
import { evidenceOf } from "./expect.ts";
import type { Gathered } from "./gather.ts";
import { nameOfHead, type Subject } from "./subject.ts";

const exitCodes = { accepted: 0, rejected: 1, inconclusive: 3 } as const;

/** The verdict in one or two sentences, with what a script wants to know. */
export function judged(
  subject: Subject,
  expectation: ChangeExpectation,
  verdict: Verdict,
  gathered: Gathered,
  left: LockedIn,
): Result {
  const evidence = evidenceOf(expectation, gathered);
  const healed = evidence.turned().map(({ id }) => id);
  const what = `${nameOfHead(subject.goal)} against ${subject.goal.base}`;
  const why = verdict.reasons.map(({ detail, subjects }) =>
    verdict.kind === "accepted" ? detail : subjects.length === 0 ? detail : `${detail} (${few(subjects)})`,
  );
  return {
    type: "result",
    outcome: verdict.kind,
    exitCode: exitCodes[verdict.kind],
    summary: `${subject.goal.change.kind === "revision" ? what : capital(what)}, judged as a ${expectation.change}, is ${verdict.kind}: ${why.slice(0, 3).join("; ")}.${wayOut(verdict)}`,
    verdict,
    base: subject.base.snapshot.digest,
    healedTests: healed,
    stillFailingTests: evidence.ids(evidence.head, "red"),
    ...left,
  };
}

/** What a person can do about the only thing that is missing. */
function wayOut({ kind, reasons }: Verdict): string {
  const [only, ...others] = reasons;
  if (kind !== "inconclusive" || only === undefined || others.length > 0) return "";
  if (only.code === "tests-changed") return " Once you have looked at them: `--allow-test-changes`.";
  if (only.code === "unproven-hunk") return " Add a test that needs it, or allow some: `--max-unproven N`.";
  if (only.code === "level-too-low") return " If you trust who wrote it: `--min-level in-process`.";
  return "";
}

function few(subjects: readonly string[]): string {
  const shown = subjects.slice(0, 3).join(", ");
  return subjects.length > 3 ? `${shown} and ${subjects.length - 3} more` : shown;
}

/** A revision's name is left as it is. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
