import type { ProblemEvaluated, Result } from "@assay/sdk";
import { summarise } from "./summarise.ts";
import { summaryText } from "./summary-text.ts";
import type { EvalGoal } from "./tools.ts";

/** What a script wants to know of an evaluation; finishing is its success, whatever the score. */
export function resultOf(goal: EvalGoal, events: readonly ProblemEvaluated[], seconds: number): Result {
  const summary = summarise(events, goal.k);
  const values = (pick: "estimate" | "halfWidth") =>
    Object.fromEntries(summary.passAtK.flatMap(({ k, interval }) => (interval ? [[String(k), interval[pick]]] : [])));
  return {
    type: "result",
    outcome: "evaluated",
    exitCode: 0,
    summary: summaryText(goal, summary),
    problems: summary.problems,
    passed: summary.passed,
    seconds: Math.round(seconds * 1000) / 1000,
    verdictsPerSecond: Math.round((events.length / Math.max(seconds, 0.001)) * 10) / 10,
    passAtK: values("estimate"),
    passAtKHalfWidth: values("halfWidth"),
    ...(summary.rounds === undefined
      ? {}
      : { ...summary.rounds, passedAfter: [...summary.rounds.passedAfter], costMicroUsd: summary.costMicroUsd }),
  };
}
