import type { ProblemEvaluated, Result } from "@assay/sdk";
import { raise } from "#domain";
import type { EvalJson } from "./output/eval-json.ts";
import { mcnemarExact } from "./statistics/mcnemar.ts";
import { saysNothing } from "./summarise.ts";

export type Comparison = NonNullable<Result["comparison"]>;

/** Pairs two evaluations by task; a task passed when its first sample that counts passed. Throws `usage` where nothing can be paired. */
export function compareEvaluations(a: EvalJson, b: EvalJson): Comparison {
  if (a.dataset !== b.dataset)
    raise("usage", `${a.dataset} and ${b.dataset} have other tasks`, "compare runs of one dataset");
  const [passesA, passesB] = [passes(a.problems), passes(b.problems)];
  const both = [...passesA.keys()].filter((task) => passesB.has(task));
  if (both.length === 0) raise("usage", "the two evaluations have no task in common", "compare runs of the same tasks");
  const onlyA = both.filter((task) => passesA.get(task) && !passesB.get(task));
  const onlyB = both.filter((task) => !passesA.get(task) && passesB.get(task));
  return {
    tasks: both.length,
    passedA: both.filter((task) => passesA.get(task)).length,
    passedB: both.filter((task) => passesB.get(task)).length,
    onlyA,
    onlyB,
    unpaired: [...new Set([...passesA.keys(), ...passesB.keys()])].filter(
      (task) => passesA.has(task) !== passesB.has(task),
    ),
    pValue: mcnemarExact(onlyA.length, onlyB.length),
  };
}

function passes(events: readonly ProblemEvaluated[]): Map<string, boolean> {
  const found = new Map<string, boolean>();
  for (const { task, outcome } of events) {
    if (!saysNothing.has(outcome) && !found.has(task)) found.set(task, outcome === "passed");
  }
  return found;
}
