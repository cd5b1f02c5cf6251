import type { Plan } from "@assay/sdk";
import { describePlanProblem, planProblems } from "./plan-problems.ts";
import type { PlanStanding, TaskOutcome } from "./ready-tasks.ts";

/** What a revision may go by: how each task ended, and how often it was tried. */
export type TaskEnding = {
  outcome: TaskOutcome;
  detail: string;
  /** It may pass on another try. */
  retryable: boolean;
  attempts: number;
};

export type KnownOfPlan = {
  /** A task failed, or it is time to look. */
  cause: "failure" | "tick";
  ended: ReadonlyMap<string, TaskEnding>;
  running: ReadonlySet<string>;
};

/** Another plan in the place of one that is being executed. `retry`: failed tasks that are tried again. */
export type PlanRevision = { reason: string; plan: Plan; retry: readonly string[] };

/** A pure function: the same answer for the same plan and the same knowledge. `undefined`: the plan stays as it is. */
export type Replan = (plan: Plan, known: KnownOfPlan) => PlanRevision | undefined;

/** Tries a failed task once more where that may help. */
export const retryOnce: Replan = (plan, { ended }) => {
  const retry = [...ended].flatMap(([key, { outcome, retryable, attempts }]) =>
    outcome === "failed" && retryable && attempts === 1 ? [key] : [],
  );
  return retry.length === 0 ? undefined : { reason: `once more: ${retry.join(", ")}`, plan, retry };
};

/** Why a revision cannot take a plan's place: it is no plan, or it does not keep what is done or under way. */
export function revisionProblems(before: Plan, standing: PlanStanding, { plan, retry }: PlanRevision): string[] {
  const problems = planProblems(plan).map(describePlanProblem);
  const after = new Map(plan.tasks.map((task) => [task.key, task]));
  for (const task of before.tasks) {
    const isKept = standing.running.has(task.key) || standing.ended.get(task.key) === "done";
    if (isKept && !isEqual(task, after.get(task.key))) {
      problems.push(`${task.key} is done or under way, and must stay as it is`);
    }
  }
  for (const key of retry) {
    if (!after.has(key)) problems.push(`${key} cannot be tried again, since it is not in the plan`);
    if (standing.ended.get(key) !== "failed") problems.push(`${key} cannot be tried again, since it has not failed`);
  }
  return problems;
}

/** What has ended under the revision: what was skipped may have its turn now, and what is tried again has not ended. */
export function endedUnder<E extends { outcome: TaskOutcome }>(
  ended: ReadonlyMap<string, E>,
  { plan, retry }: PlanRevision,
): Map<string, E> {
  const keys = new Set(plan.tasks.map(({ key }) => key));
  const again = new Set(retry);
  return new Map([...ended].filter(([key, { outcome }]) => keys.has(key) && !again.has(key) && outcome !== "skipped"));
}

/** Of JSON values. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [definedEntries(a), definedEntries(b)];
  return (
    left.size === right.size && [...left].every(([key, value]) => right.has(key) && isEqual(value, right.get(key)))
  );
}

function definedEntries(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).filter(([, entry]) => entry !== undefined));
}
