import type { Plan, PlannedTask } from "@assay/sdk";
import { limitOf } from "./plan-problems.ts";

export type TaskOutcome = "done" | "failed" | "skipped";

/** How a plan's execution stands: what has ended and how, and what is under way. */
export type PlanStanding = {
  ended: ReadonlyMap<string, TaskOutcome>;
  running: ReadonlySet<string>;
};

/**
 * The tasks that begin now, in the order of the plan. Pure; a task begins when
 * - everything that it depends on is done, and every task of a lower phase is over, however it ended;
 * - nothing has failed, where the plan says `stop`;
 * - fewer than `parallelMax` run, and of each resource that it needs enough is free.
 * A task whose resources are not free keeps nobody behind it from beginning, except that what it waits for is kept for it: those
 * behind it in the plan get of that resource only what it leaves, so that nobody waits for ever.
 */
export function readyTasks(plan: Plan, { ended, running }: PlanStanding): PlannedTask[] {
  const stopped = plan.onFailure === "stop" && [...ended.values()].includes("failed");
  if (stopped) return [];
  const byKey = new Map(plan.tasks.map((task) => [task.key, task]));
  const used = new Map<string, number>();
  for (const key of running) take(used, byKey.get(key));
  const phase = lowestOpenPhase(plan, ended);
  const begins: PlannedTask[] = [];
  for (const task of plan.tasks) {
    if (running.size + begins.length >= plan.parallelMax) break;
    if (ended.has(task.key) || running.has(task.key) || task.phase !== phase) continue;
    if (!task.dependsOn.every((key) => ended.get(key) === "done")) continue;
    if (fits(plan, used, task)) begins.push(task);
    // Whether it begins or waits: what it needs is not for those behind it.
    take(used, task);
  }
  return begins;
}

/** The tasks that will never begin, since something that they depend on failed or was skipped; in the order of the plan. */
export function skippedTasks(plan: Plan, ended: ReadonlyMap<string, TaskOutcome>): string[] {
  const dependents = new Map<string, string[]>();
  for (const { key, dependsOn } of plan.tasks) {
    for (const dependency of dependsOn) {
      const others = dependents.get(dependency);
      if (others === undefined) dependents.set(dependency, [key]);
      else others.push(key);
    }
  }
  const lost = new Set<string>();
  const open = [...ended].flatMap(([key, outcome]) => (outcome === "done" ? [] : [key]));
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    for (const dependent of dependents.get(key) ?? []) {
      if (ended.has(dependent) || lost.has(dependent)) continue;
      lost.add(dependent);
      open.push(dependent);
    }
  }
  return plan.tasks.flatMap(({ key }) => (lost.has(key) ? [key] : []));
}

function lowestOpenPhase({ tasks }: Plan, ended: ReadonlyMap<string, TaskOutcome>): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const { key, phase } of tasks) if (!ended.has(key)) lowest = Math.min(lowest, phase);
  return lowest;
}

function fits({ resourceLimits }: Plan, used: ReadonlyMap<string, number>, { resources }: PlannedTask): boolean {
  return Object.entries(resources).every(
    ([resource, needed]) => (used.get(resource) ?? 0) + needed <= limitOf(resourceLimits, resource),
  );
}

function take(used: Map<string, number>, task: PlannedTask | undefined): void {
  for (const [resource, needed] of Object.entries(task?.resources ?? {})) {
    used.set(resource, (used.get(resource) ?? 0) + needed);
  }
}
