import type { ErrorCategory } from "@assay/sdk";
import type { ProposalRequest } from "#ports";
import { renderPrompt } from "./render-prompt.ts";

const adviceFor: Readonly<Record<ErrorCategory, string>> = {
  assertion: "advice-assertion.v1",
  "missing-module": "advice-name.v1",
  "missing-name": "advice-name.v1",
  name: "advice-name.v1",
  attribute: "advice-name.v1",
  syntax: "advice-syntax.v1",
  type: "advice-type.v1",
  lookup: "advice-type.v1",
  timeout: "advice-timeout.v1",
  memory: "advice-timeout.v1",
  crash: "advice-other.v1",
  collection: "advice-other.v1",
  other: "advice-other.v1",
};

/** Kinds of failures that advice is given on. */
const advicesMax = 2;

/** What the tests ask for, in numbers. */
export function goalOf({ targets, guards, brief }: Pick<ProposalRequest, "targets" | "guards" | "brief">): string {
  const what = brief === undefined ? "Change the code so that" : "Change the code so that it does what is wanted, and";
  const wanted = targets.length === 1 ? "the failing test passes" : `the ${targets.length} failing tests pass`;
  const kept =
    guards.length === 0
      ? ""
      : guards.length === 1
        ? "; 1 other test passes and must go on passing"
        : `; ${guards.length} others pass and must go on passing`;
  return `${what} ${targets.length === 0 ? "its tests pass" : wanted}${kept}.`;
}

/** What to look for, by the kinds of the first failures. */
export function adviceOf({ failures }: Pick<ProposalRequest, "failures">): string {
  const own = failures.filter(({ environment }) => !environment);
  const files = [...new Set(own.map(({ category }) => adviceFor[category]))].slice(0, advicesMax);
  return files.map((file) => renderPrompt(file)).join("\n\n");
}

/** The goal where only the cause is asked for. */
export function causeGoalOf({ targets }: Pick<ProposalRequest, "targets">): string {
  return targets.length === 1 ? "One test fails. Find out why." : `${targets.length} tests fail. Find out why.`;
}
