import type { TriedCandidate } from "#ports";
import { leftOut, shorterForms } from "./cut-lines.ts";
import { failureText } from "./failures-section.ts";
import { fence } from "./fence.ts";
import { distinct, type Form, formOf, type Section } from "./section.ts";
import { shownText } from "./shown-text.ts";

const olderMax = 20;
const failuresMax = 4;
const subjectsMax = 5;

/** The newest candidate that was checked: its diff, the verdict's reasons, and what was red with it. */
export function newestTriedSection(earlier: readonly TriedCandidate[]): Section {
  const newest = earlier.at(-1);
  const name = "what was tried last";
  if (newest === undefined) return { name, priority: 3, forms: [] };
  const { verdict, failures, findings = [] } = newest;
  const reasons = verdict.reasons.map(({ detail, subjects }) => {
    const named = subjects.slice(0, subjectsMax).join(", ");
    return `- ${detail}${named === "" ? "" : `: ${named}`}${subjects.length > subjectsMax ? ", …" : ""}`;
  });
  const red = (lines: number, frames: number): string[] => [
    ...failures
      .slice(0, failuresMax)
      .flatMap((failure) => ["red with it:", ...failureText(failure, lines, frames).map((line) => `  ${line}`)]),
    ...(failures.length > failuresMax ? [leftOut(failures.length - failuresMax, "failure")] : []),
  ];
  const diffs = shorterForms(shownText(newest.diff).lines);
  const found = findings.length === 0 ? [] : ["Looked into:", ...findings.map((finding) => `- ${finding}`)];
  const head = [`It was ${verdict.kind}:`, ...reasons, ...found].flatMap((line) => shownText(line, false).lines);
  const forms = diffs.map((diff, index) => {
    const lines = [...diff, "", ...head, ...(index === 0 ? red(20, 5) : red(6, 1))];
    return formOf([fence("the change tried last, and what it did", lines.join("\n"))]);
  });
  return { name, priority: 3, forms };
}

/** What was tried before that, a line each. */
export function olderTriedSection(earlier: readonly TriedCandidate[]): Section {
  const older = earlier.slice(0, -1);
  const told = older.toReversed().map(({ candidate, verdict, failures }) => {
    const [reason] = verdict.reasons;
    const text = `- ${candidate.provenance.summary}: ${verdict.kind}, ${reason?.detail ?? "no reason"}; ${failures.length} red`;
    return shownText(text.replaceAll("\n", " ")).lines.join(" ").slice(0, 400);
  });
  const form = (count: number): Form => {
    const more = told.length > count ? [leftOut(told.length - count, "older try")] : [];
    return formOf([fence("tried before, the newest first", [...told.slice(0, count), ...more].join("\n"))]);
  };
  const forms = told.length === 0 ? [] : distinct([olderMax, 8, 3].map(form));
  return { name: "what was tried before", priority: 6, forms };
}
