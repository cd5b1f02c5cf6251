import { raise } from "#domain";
import type { Problem } from "./datasets/problem.ts";
import type { EvalGoal } from "./tools.ts";

/**
 * The problems of a goal, in the data's order, with what a reader must know about those left out.
 * Throws a `FaultError` of code `usage`: an unknown task, nothing to mend, a k over the number of samples.
 */
export function selectProblems(
  { tasks, proposer, visible, k, dataset }: Pick<EvalGoal, "tasks" | "proposer" | "visible" | "k" | "dataset">,
  all: readonly Problem[],
  samples: ReadonlyMap<string, readonly string[]>,
): { problems: readonly Problem[]; notes: readonly string[] } {
  const unknown = tasks?.find((task) => !all.some((problem) => problem.task === task));
  if (unknown !== undefined) raise("usage", `the data has no task ${unknown}`, `tasks are named like ${all[0]?.task}`);
  const wanted = new Set(tasks);
  const chosen = tasks === undefined ? all : all.filter(({ task }) => wanted.has(task));
  if (visible === "example_test" && !chosen.some(({ exampleTests }) => exampleTests !== undefined)) {
    raise("usage", `${dataset} has no example tests to show`, "leave --visible out, or take a humanevalfix dataset");
  }
  if (proposer.kind === "search" && !chosen.some(({ buggy }) => buggy !== undefined)) {
    raise(
      "usage",
      `search needs a dataset with buggy code to mend, and ${dataset} has none`,
      "take humanevalfix-python or humanevalfix-js, or --proposer canonical or samples:FILE",
    );
  }
  const isSampled = proposer.kind === "samples";
  const problems = isSampled ? chosen.filter(({ task }) => samples.has(task)) : chosen;
  const asked = proposer.kind === "model" ? proposer.samples : 1;
  const countOf = (task: string) => (isSampled ? (samples.get(task)?.length ?? 0) : asked);
  const fewest = problems.toSorted((a, b) => countOf(a.task) - countOf(b.task))[0];
  if (fewest === undefined) return raise("usage", "there is no sample of any chosen task", "choose other tasks");
  const least = countOf(fewest.task);
  const tooLarge = k.find((one) => one > least);
  if (tooLarge !== undefined) {
    const why = isSampled ? `${fewest.task} has ${least}` : `${proposer.kind} gives ${asked}`;
    raise("usage", `pass@${tooLarge} needs at least ${tooLarge} samples of each task: ${why}`, `use --k ${least}`);
  }
  const left = chosen.length - problems.length;
  const note = `${left} of ${chosen.length} tasks have no sample: they count neither for nor against`;
  return { problems, notes: left > 0 ? [note] : [] };
}
