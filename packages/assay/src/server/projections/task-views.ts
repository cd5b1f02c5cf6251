import type { RunEvent, TaskView } from "@assay/sdk";

type Attempt = TaskView["attempts"][number];

/** A run's tasks as its journal tells them: those of its plan in the plan's order, then those that it handed out besides. Pure. */
export function taskViews(run: string, events: readonly RunEvent[]): TaskView[] {
  const tasks = new Map<string, TaskView>();
  const taskOf = (task: string): TaskView => {
    const known = tasks.get(task);
    if (known !== undefined) return known;
    const made: TaskView = { run, task, status: "waiting", dependsOn: [], attempts: [] };
    tasks.set(task, made);
    return made;
  };
  for (const event of events) apply(event, taskOf);
  return [...tasks.values()];
}

function apply(event: RunEvent, taskOf: (task: string) => TaskView): void {
  switch (event.type) {
    case "plan-made":
      for (const { key, title, phase, dependsOn, work } of event.plan.tasks) {
        Object.assign(taskOf(key), { title, phase, dependsOn });
        if (work.kind === "delegate") Object.assign(taskOf(key), { kind: work.task, role: work.role });
      }
      return;
    case "child-started":
      Object.assign(taskOf(event.key), { status: "claimed", child: event.child });
      return;
    case "task-queued":
      Object.assign(taskOf(event.task), { kind: event.kind, role: event.role, status: "queued" });
      return;
    case "task-claimed":
      claimed(taskOf(event.task), event);
      return;
    case "task-released": {
      const task = taskOf(event.task);
      task.status = "queued";
      const attempt = task.attempts.find(({ token }) => token === event.token);
      if (attempt !== undefined)
        Object.assign(attempt, { endedAt: event.at, ended: event.reason, detail: event.detail });
      return;
    }
    case "task-finished":
      finished(taskOf(event.task), event);
      return;
    default:
      return;
  }
}

function claimed(task: TaskView, event: Extract<RunEvent, { type: "task-claimed" }>): void {
  const attempt: Attempt = { attempt: event.attempt, worker: event.worker, token: event.seq, claimedAt: event.at };
  task.status = "claimed";
  task.attempts.push(attempt);
}

function finished(task: TaskView, event: Extract<RunEvent, { type: "task-finished" }>): void {
  const { outcome, detail, output, token } = event;
  Object.assign(task, { status: outcome, detail, ...(output === undefined ? {} : { output }) });
  const attempt = task.attempts.find((one) => one.token === token);
  if (attempt !== undefined && outcome !== "skipped")
    Object.assign(attempt, { endedAt: event.at, ended: outcome, detail });
}
