import type { Digest, Goal, GoalView, RunView } from "@assay/sdk";

/** Goals by their digest in the order in which the newest run of each comes, with all the runs that were made for each. Pure. */
export function goalViews(
  runs: readonly { goalId: Digest | undefined; goal: Goal | undefined; view: RunView }[],
): GoalView[] {
  const goals = new Map<Digest, GoalView>();
  for (const { goalId, goal, view } of runs) {
    if (goalId === undefined || goal === undefined) continue;
    const known = goals.get(goalId) ?? { id: goalId, goal, runs: [] };
    const { run, status, outcome } = view;
    known.runs.push({ run, status, ...(outcome === undefined ? {} : { outcome }) });
    goals.set(goalId, known);
  }
  return [...goals.values()];
}
