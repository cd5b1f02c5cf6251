import type { ClassifiedFailure } from "@assay/sdk";
import type { ProposalRequest, TriedCandidate } from "#ports";
import { fenced, visible, visibleLine } from "./visible.ts";

/** Lines around a place that a failure points at. */
export type Excerpt = { file: string; line: number; text: string };

export type QuestionFacts = {
  /** From 1: how often this person was asked for the same. */
  turn: number;
  excerpts: readonly Excerpt[];
  /** Where the answer may be put. */
  outbox: string;
};

const failuresMax = 10;
const testsMax = 10;
const framesMax = 5;
const earlierMax = 5;
const diffCharactersMax = 6_000;
const messageCharactersMax = 2_000;
const briefCharactersMax = 20_000;

/** The question as Markdown. What comes from the project is fenced, and stripped of what cannot be seen. */
export function questionText(request: ProposalRequest, { turn, excerpts, outbox }: QuestionFacts): string {
  const { targets, guards, profile, failures, brief, earlier = [] } = request;
  const more = (list: readonly unknown[], max: number) =>
    list.length > max ? [`… and ${list.length - max} more.`] : [];
  return [
    `# Which change turns ${targets.length === 1 ? "this test" : `these ${targets.length} tests`} green?`,
    [
      `Run ${request.run ?? "of this process"}, question ${turn}.`,
      `Project: ${visibleLine(profile.root)} (${profile.language}, ${profile.runner}).`,
      `${guards.length} tests that are green must stay green. The tests themselves and their configuration may not be changed.`,
      "Whatever you answer is judged by the same evidence as anybody's change.",
    ].join("\n"),
    ...(brief === undefined ? [] : ["## What is wanted", fenced(visible(brief, briefCharactersMax))]),
    "## What is red",
    ...failures.slice(0, failuresMax).map(failureText),
    ...more(failures, failuresMax),
    ...(excerpts.length === 0 ? [] : ["## Where", ...excerpts.map(excerptText)]),
    ...(earlier.length === 0 ? [] : ["## What was tried before", ...earlier.slice(-earlierMax).map(triedText)]),
    "## How to answer",
    howTo(outbox),
    "",
  ].join("\n\n");
}

function failureText({ category, failure, tests }: ClassifiedFailure, index: number): string {
  const names = tests.length === 0 ? [failure.testFile ?? failure.file ?? "collection"] : tests.slice(0, testsMax);
  const rest = tests.length > testsMax ? [`and ${tests.length - testsMax} more`] : [];
  const place =
    failure.file === undefined ? [] : [`at ${failure.file}${failure.line === undefined ? "" : `:${failure.line}`}`];
  const told = [
    ...names,
    ...rest,
    "",
    `${failure.type}: ${failure.message}`,
    ...(failure.expected === undefined ? [] : [`expected: ${failure.expected}`]),
    ...(failure.actual === undefined ? [] : [`actual:   ${failure.actual}`]),
    ...place,
    ...failure.frames
      .slice(0, framesMax)
      .map(({ file, line, function: name }) => `  ${file}:${line}${name === undefined ? "" : ` in ${name}`}`),
  ];
  const text = told.map((part) => visible(part, messageCharactersMax)).join("\n");
  return `### ${index + 1}. ${category}\n\n${fenced(text)}`;
}

function excerptText({ file, line, text }: Excerpt): string {
  return `${visibleLine(file)}, line ${line}:\n\n${fenced(visible(text, messageCharactersMax))}`;
}

function triedText({ candidate, diff, verdict, failures }: TriedCandidate): string {
  const { proposer, method, summary } = candidate.provenance;
  const reasons = verdict.reasons.map(({ detail }) => visibleLine(detail)).join("; ");
  const red = failures.flatMap(({ tests }) => tests).slice(0, testsMax);
  const stillRed = red.length === 0 ? [] : [`Red with it:\n\n${fenced(visible(red.join("\n"), messageCharactersMax))}`];
  return [
    `### ${visibleLine(`${proposer} (${method}): ${summary}`)}`,
    `${verdict.kind}: ${reasons}`,
    fenced(visible(diff, diffCharactersMax), "diff"),
    ...stillRed,
  ].join("\n\n");
}

function howTo(outbox: string): string {
  return `Write **one** of these to \`${outbox}\`. Above it may stand your name, as \`by: NAME\` between two lines of \`---\`, and, before
a block, why you change it. Nothing may stand behind the block.

A unified diff of one or more files:

${fenced("```diff\n--- a/PATH\n+++ b/PATH\n@@ -1,2 +1,2 @@\n unchanged line\n-old line\n+new line\n```")}

Lines that occur exactly once in a file, and what takes their place:

${fenced("```update PATH\n<<<< old\nold line\n==== new\nnew line\n>>>> end\n```")}

A whole file:

${fenced("```new_content PATH\nevery line of it\n```")}

What you think, for whoever is asked next: \`opinion: TEXT\`. Or, if you have nothing: \`give up\`.`;
}
