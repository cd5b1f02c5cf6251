import { readFileSync } from "node:fs";
import type { ClassifiedFailure, Failure } from "@assay/sdk";
import { renderTemplate } from "#domain";
import { digestOf, type ProposalRequest, type TriedCandidate } from "#ports";

const template = readFileSync(new URL("./prompts/task.md", import.meta.url), "utf8");

const bounds = {
  tests: 50,
  failures: 10,
  earlier: 5,
  testCharacters: 500,
  failureCharacters: 4_000,
  diffCharacters: 6_000,
  goalCharacters: 20_000,
};

/** What the agent is asked to do. Deterministic; at most about 120,000 characters. */
export function taskText({ targets, failures, brief, earlier = [] }: ProposalRequest): string {
  const goal = brief === undefined ? [] : [cut(brief, bounds.goalCharacters)];
  const tests = targets.length === 0 ? [] : [named(targets)];
  const reported = failures.slice(0, bounds.failures).map(describe);
  const attempts = earlier.slice(-bounds.earlier).map(tried);
  const fence = fenceFor([goal, tests, reported, attempts]);
  const fenced = (name: string, texts: readonly string[], without: string) =>
    texts.length === 0 ? without : texts.map((text) => fence(name, text)).join("\n");
  return renderTemplate(template, {
    goal: fenced("the user's description", goal, "Make the failing tests pass."),
    tests: fenced("tests", tests, "Nothing."),
    failures: fenced("failure", reported, "Nothing."),
    earlier: fenced("attempt", attempts, "Nothing."),
  });
}

/**
 * The mark of a fence is a digest of all that is fenced: nobody can write a line into the project that ends its own fence, for the line
 * would change the mark.
 */
function fenceFor(content: readonly (readonly string[])[]): (name: string, text: string) => string {
  const mark = digestOf(JSON.stringify(content)).slice(-12);
  return (name, text) => `BEGIN ${name} ${mark}\n${text}\nEND ${name} ${mark}`;
}

function describe({ category, tests, failure }: ClassifiedFailure): string {
  return cut(
    `${category} in ${named(tests) || "a file that could not be collected"}\n${told(failure)}`,
    bounds.failureCharacters,
  );
}

function told({ type, message, file, line, expected, actual, frames }: Failure): string {
  const place = (at: { file?: string | undefined; line?: number | undefined }) => `${at.file ?? "?"}:${at.line ?? "?"}`;
  return [
    `${type}: ${cut(message, bounds.failureCharacters / 2)}`,
    ...(file === undefined ? [] : [`at ${place({ file, line })}`]),
    ...(expected === undefined ? [] : [`expected: ${cut(expected, bounds.testCharacters)}`]),
    ...(actual === undefined ? [] : [`actual: ${cut(actual, bounds.testCharacters)}`]),
    ...frames.slice(0, 10).map((frame) => `in ${place(frame)}`),
  ].join("\n");
}

function tried({ candidate, diff, verdict, failures }: TriedCandidate): string {
  const after = failures.slice(0, bounds.failures).map(describe).join("\n");
  const outcome = `${verdict.kind}${after === "" ? "" : `; then red:\n${cut(after, bounds.failureCharacters)}`}`;
  return `${candidate.provenance.proposer}:\n${cut(diff, bounds.diffCharacters)}\nbecame ${outcome}`;
}

/** One a line, or what there is no room for as a number. */
function named(all: readonly string[]): string {
  const more = all.length > bounds.tests ? [`… and ${all.length - bounds.tests} more`] : [];
  return [...all.slice(0, bounds.tests).map((one) => cut(one, bounds.testCharacters)), ...more].join("\n");
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}\n… (${text.length - max} more characters)`;
}
