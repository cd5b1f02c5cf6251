import { type Goal, goalSchema, type PlannedTask } from "@assay/sdk";
import { z } from "zod";
import { type Budget, describePlanProblem, planProblems, raise } from "#domain";
import type { DelegatedTask, PlanGoal, PlanTools } from "./tools.ts";

const amount = z.number().min(0);
const askedSchema = z
  .strictObject({
    wallMsMax: amount,
    candidatesMax: amount,
    attemptsMax: amount,
    requestsMax: amount,
    tokensMax: amount,
    costMicroUsdMax: amount,
  })
  .partial();

/** What a task is to do, as the plan has it parsed. */
export type Work = { kind: "delegate"; task: DelegatedTask } | { kind: "goal"; goal: Goal; asked: Partial<Budget> };

/** Throws before anything is done: `config-invalid` for a plan that cannot be executed as it is, or not here. */
export function refuseUnsound(goal: PlanGoal, tools: PlanTools): void {
  refuseProblems(goal);
  for (const task of goal.plan.tasks) workOf(task, goal, tools);
}

/** Throws `config-invalid` for a plan that nobody can execute: an unknown dependency, a cycle, a key used twice. */
export function refuseProblems({ plan }: PlanGoal): void {
  const problems = planProblems(plan).map(describePlanProblem);
  if (problems.length > 0) {
    const more = problems.length > 10 ? `; and ${problems.length - 10} more` : "";
    raise("config-invalid", `the plan cannot be executed: ${problems.slice(0, 10).join("; ")}${more}`, "mend the plan");
  }
}

/** Throws `config-invalid` for what is no goal, a goal for another project, no budget, or work for workers where there are none. */
export function workOf(task: PlannedTask, { root }: PlanGoal, { delegate }: PlanTools): Work {
  const { work } = task;
  if (work.kind === "delegate") {
    if (delegate !== undefined) return { kind: "delegate", task: { ...task, work } };
    raise("config-invalid", `task ${task.key} is for workers, and none are served here`, "run it with: assay serve");
  }
  const goal = goalOf(task.key, work, root);
  const budget = askedSchema.safeParse(work.budget ?? {});
  if (!budget.success) {
    raise("config-invalid", `the budget of task ${task.key} is none: ${told(budget.error)}`, "mend the plan");
  }
  const given = Object.entries(budget.data).filter(([, value]) => value !== undefined);
  return { kind: "goal", goal, asked: Object.fromEntries(given) };
}

/** The goal of a task as it is executed: about the plan's own project, also where it names none. Throws `config-invalid`. */
export function goalOf(task: string, work: Extract<PlannedTask["work"], { kind: "goal" }>, root: string): Goal {
  const named = typeof work.goal === "object" && work.goal !== null ? { root, ...work.goal } : work.goal;
  const goal = goalSchema.safeParse(named);
  if (!goal.success) raise("config-invalid", `the goal of task ${task} is none: ${told(goal.error)}`, "mend the plan");
  if (goal.data.root === root) return goal.data;
  raise("config-invalid", `task ${task} is about ${goal.data.root}, not about ${root}`, "make a plan for that project");
}

function told({ issues }: z.ZodError): string {
  return issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join(".") || "it"}: ${message}`)
    .join("; ")
    .slice(0, 1000);
}
