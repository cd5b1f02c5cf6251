import { readFileSync } from "node:fs";
import type { ClassifiedFailure, Failure } from "@assay/sdk";
import { renderTemplate } from "#domain";
import { digestOf, type ProposalRequest, type TriedCandidate } from "#ports";

const template = readFileSync(new URL("./prompts/task.md", import.meta.url), "utf8");

const bounds = {
  tests: 50,
  failures: 10,
  earlier: 5,
  failureCharacters: 4_000,
  diffCharacters: 6_000,
  goalCharacters: 20_000,
};

/** What the agent is asked to do. Deterministic; at most about 100,000 characters. */
export function taskText({ targets, failures, brief, earlier = [] }: ProposalRequest): string {
  const fence = fenceFor([brief, targets, failures, earlier.map(({ diff, failures: after }) => [diff, after])]);
  const none = "Nothing.";
  return renderTemplate(template, {
    goal:
      brief === undefined
        ? "Make the failing tests pass."
        : fence("the user's description", cut(brief, bounds.goalCharacters)),
    tests: targets.length === 0 ? none : fence("tests", listed(targets, bounds.tests)),
    failures:
      failures.length === 0 ? none : several(failures, bounds.failures, (one) => fence("failure", describe(one))),
    earlier:
      earlier.length === 0
        ? none
        : several(earlier.slice(-bounds.earlier), bounds.earlier, (one) => fence("attempt", tried(one))),
  });
}

/**
 * The mark of a fence is a digest of all that is fenced: nobody can write a line into the project that ends its own fence, for the line
 * would change the mark.
 */
function fenceFor(content: unknown): (name: string, text: string) => string {
  const mark = digestOf(JSON.stringify(content) ?? "").slice(-12);
  return (name, text) => `BEGIN ${name} ${mark}\n${text}\nEND ${name} ${mark}`;
}

function describe({ category, tests, failure }: ClassifiedFailure): string {
  return cut(
    `${category} in ${tests.join(", ") || "a file that could not be collected"}\n${told(failure)}`,
    bounds.failureCharacters,
  );
}

function told({ type, message, file, line, expected, actual, frames }: Failure): string {
  const place = (at: { file?: string | undefined; line?: number | undefined }) => `${at.file ?? "?"}:${at.line ?? "?"}`;
  return [
    `${type}: ${message}`,
    ...(file === undefined ? [] : [`at ${place({ file, line })}`]),
    ...(expected === undefined ? [] : [`expected: ${expected}`]),
    ...(actual === undefined ? [] : [`actual: ${actual}`]),
    ...frames.slice(0, 10).map((frame) => `in ${place(frame)}`),
  ].join("\n");
}

function tried({ candidate, diff, verdict, failures }: TriedCandidate): string {
  const after = failures
    .map(({ tests, failure }) => `${tests.join(", ")}: ${failure.type}: ${failure.message}`)
    .join("\n");
  const outcome = `${verdict.kind}${after === "" ? "" : `; then red:\n${cut(after, bounds.failureCharacters)}`}`;
  return `${candidate.provenance.proposer}:\n${cut(diff, bounds.diffCharacters)}\nbecame ${outcome}`;
}

function several<T>(all: readonly T[], max: number, write: (one: T) => string): string {
  const more = all.length > max ? [`… and ${all.length - max} more.`] : [];
  return [...all.slice(0, max).map(write), ...more].join("\n");
}

function listed(all: readonly string[], max: number): string {
  return several(all, max, (one) => one);
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}\n… (${text.length - max} more characters)`;
}
