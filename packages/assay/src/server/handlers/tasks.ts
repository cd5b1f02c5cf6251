import type { TaskView } from "@assay/sdk";
import type { RunId } from "#domain";
import { raise } from "#domain";
import type { Handlers } from "../handlers.ts";
import { pageOfEach, readCursor } from "../projections/cursor.ts";
import { folderOf } from "./refuse-foreign-paths.ts";
import type { TenantRuns } from "./tenant-runs.ts";

/** Tasks of plans, and tasks handed to workers. */
export function taskHandlers(runs: TenantRuns): Pick<Handlers, "listTasks" | "readTask" | "retryTask"> {
  return {
    listTasks: async (call) => {
      const { run, cursor } = call.query;
      const { book } = await runs.of(call);
      const [from] = cursor === undefined ? [] : readCursor(cursor).split(" ");
      return pageOfEach(
        wanted(book.tasks({ run, from }), call.query),
        (task) => `${task.run} ${task.task}`,
        call.query,
      );
    },
    readTask: async (call) => {
      const { entry } = await runs.named(call);
      return taskOf(entry.facts.tasks, call.params);
    },
    retryTask: async (call) => {
      const { desk, run, entry } = await runs.named(call);
      const writesWithin = folderOf(call.caller, desk.project.root);
      const { task, status, title } = taskOf(entry.facts.tasks, call.params);
      if (status !== "failed") {
        raise("usage", `task ${task} is ${status}, not failed`, "only a failed task can be done again");
      }
      // A plan's task begins with a step of its own; what a run hands out besides is a step itself.
      const forked: RunId = await desk.fork(run, { step: title === undefined ? task : `${task}.work`, writesWithin });
      return runs.view(call, forked);
    },
  };
}

type Wanted = Partial<Pick<TaskView, "status" | "role" | "phase">>;

async function* wanted(
  tasks: AsyncIterable<TaskView>,
  { status, role, phase }: { [Name in keyof Wanted]: Wanted[Name] | undefined },
): AsyncGenerator<TaskView> {
  for await (const task of tasks) {
    const isWanted =
      (status === undefined || task.status === status) &&
      (role === undefined || task.role === role) &&
      (phase === undefined || task.phase === phase);
    if (isWanted) yield task;
  }
}

function taskOf<T extends { task: string }>(tasks: readonly T[], { run, task }: { run: string; task: string }): T {
  return (
    tasks.find((one) => one.task === task) ??
    raise("not-found", `run ${run} has no task ${task}`, `GET /v1/tasks?run=${run} lists them`)
  );
}
