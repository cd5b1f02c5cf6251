import type { ClassifiedFailure } from "@assay/sdk";
import type { ProposalRequest } from "#ports";
import { leftOut, shorterForms } from "./cut-lines.ts";
import { fence } from "./fence.ts";
import { distinct, type Form, formOf, type Section } from "./section.ts";
import { shownText } from "./shown-text.ts";

/** Failures told in full; others are counted. */
const failuresMax = 8;
const testsMax = 10;
const framesMax = 10;
/** Lines of a message in the fullest form. */
const messageLinesMax = 60;

/** What went wrong: category, tests, message, what was expected and what came, and the way there. */
export function failuresSection({ failures }: Pick<ProposalRequest, "failures">): Section {
  const own = failures.filter(({ environment }) => !environment);
  const forms = [
    told(own, failuresMax, messageLinesMax, framesMax),
    told(own, failuresMax, 20, 5),
    told(own, 4, 10, 3),
    told(own, 1, 6, 2),
  ];
  return { name: "the failures", priority: 0, required: true, forms: own.length === 0 ? [] : distinct(forms) };
}

function told(failures: readonly ClassifiedFailure[], count: number, lines: number, frames: number): Form {
  const shown = failures.slice(0, count).map((one) => {
    return fence(`failure: ${one.category}`, failureText(one, lines, frames).join("\n"));
  });
  if (failures.length > count) shown.push(leftOut(failures.length - count, "failure"));
  return formOf(shown);
}

/** The lines that tell of one failure, with a message of at most `lines` lines. */
export function failureText({ tests, failure }: ClassifiedFailure, lines: number, frames: number): string[] {
  const more = tests.length > testsMax ? [leftOut(tests.length - testsMax, "test")] : [];
  const cut = (text: string): string[] => {
    const all = shownText(text, false).lines;
    return shorterForms(all).find((form) => form.length <= lines + 1) ?? all.slice(0, lines);
  };
  const way = failure.frames
    .slice(0, frames)
    .map(({ file, line, function: name }) => `  ${file}:${line}${name ? ` in ${name}` : ""}`);
  return [
    ...tests.slice(0, testsMax).map((test) => `test: ${test}`),
    ...more,
    `${failure.type}:`,
    ...cut(failure.message).map((line) => `  ${line}`),
    ...(failure.expected === undefined ? [] : ["expected:", ...cut(failure.expected).map((line) => `  ${line}`)]),
    ...(failure.actual === undefined ? [] : ["actual:", ...cut(failure.actual).map((line) => `  ${line}`)]),
    ...(failure.file === undefined
      ? []
      : [`at ${failure.file}${failure.line === undefined ? "" : `:${failure.line}`}`]),
    ...(way.length === 0 ? [] : ["calls, the innermost first:", ...way]),
  ].flatMap((line) => shownText(line, false).lines);
}
