import type { Plan } from "@assay/sdk";

/** Why a plan cannot be executed. */
export type PlanProblem =
  | { kind: "duplicate-key"; task: string }
  | { kind: "unknown-dependency"; task: string; dependency: string }
  /** Each depends on the one after it, the last on the first. */
  | { kind: "cycle"; tasks: readonly string[] }
  /** It depends on what is done in a later phase only. */
  | { kind: "phase-order"; task: string; dependency: string }
  /** It needs more of a resource than there is. */
  | { kind: "demand-over-limit"; task: string; resource: string; needed: number; limit: number };

/** All that is wrong with a plan, in the order of its tasks; a cycle once. Empty: every task can be executed if none fails. */
export function planProblems({ tasks, resourceLimits }: Plan): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const phases = new Map(tasks.map(({ key, phase }) => [key, phase]));
  const seen = new Set<string>();
  for (const { key, dependsOn, phase, resources } of tasks) {
    if (seen.has(key)) problems.push({ kind: "duplicate-key", task: key });
    seen.add(key);
    for (const dependency of dependsOn) {
      const theirs = phases.get(dependency);
      if (theirs === undefined) problems.push({ kind: "unknown-dependency", task: key, dependency });
      else if (theirs > phase) problems.push({ kind: "phase-order", task: key, dependency });
    }
    for (const [resource, needed] of Object.entries(resources)) {
      const limit = limitOf(resourceLimits, resource);
      if (needed > limit) problems.push({ kind: "demand-over-limit", task: key, resource, needed, limit });
    }
  }
  const cycle = findCycle(new Map(tasks.map(({ key, dependsOn }) => [key, dependsOn])));
  return cycle === undefined ? problems : [...problems, { kind: "cycle", tasks: cycle }];
}

/** A resource that has no limit is there without end. Own properties only: names come from whoever wrote the plan. */
export function limitOf(limits: Readonly<Record<string, number>>, resource: string): number {
  return Object.hasOwn(limits, resource) ? (limits[resource] ?? 0) : Number.POSITIVE_INFINITY;
}

export function describePlanProblem(problem: PlanProblem): string {
  switch (problem.kind) {
    case "duplicate-key":
      return `two tasks are called ${problem.task}`;
    case "unknown-dependency":
      return `${problem.task} depends on ${problem.dependency}, which is not in the plan`;
    case "cycle":
      return `tasks wait for one another: ${[...problem.tasks, problem.tasks[0]].join(" → ")}`;
    case "phase-order":
      return `${problem.task} depends on ${problem.dependency}, which belongs to a later phase`;
    case "demand-over-limit":
      return `${problem.task} needs ${problem.needed} of ${problem.resource}, and there is ${problem.limit}`;
  }
}

/** Depth first with a stack of its own, since a chain may be as long as a plan. Each task is left once: linear in tasks and edges. */
function findCycle(dependencies: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  for (const start of dependencies.keys()) {
    const path: { key: string; rest: Iterator<string> }[] = [];
    const onPath = new Set<string>();
    const enter = (key: string) => {
      path.push({ key, rest: (dependencies.get(key) ?? [])[Symbol.iterator]() });
      onPath.add(key);
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.next();
      if (next.done === true) {
        path.pop();
        onPath.delete(top.key);
        done.add(top.key);
      } else if (onPath.has(next.value)) {
        return path.slice(path.findIndex(({ key }) => key === next.value)).map(({ key }) => key);
      } else if (!done.has(next.value)) {
        enter(next.value);
      }
    }
  }
  return undefined;
}
