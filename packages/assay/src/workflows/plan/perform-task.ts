import { type PlannedTask, plannedTaskSchema, type Result } from "@assay/sdk";
import { FaultError, shareOf } from "#domain";
import { editable, isRecordable, type Run } from "#engine";
import type { DelegatedEnd, PlanGoal, PlanTools } from "./tools.ts";
import { workOf } from "./work.ts";

const detailLengthMax = 500;

export type TaskEnd = Omit<DelegatedEnd, "journaled"> & {
  /** Its end is in the journal already. */
  journaled: boolean;
};

/**
 * Does one task, once. `key`: the task's, and which try it is. Its work is a step of its own, `KEY.work`, so that a fork of the run
 * can give it other work. A fault that is final is how the task ended; any other leaves it under way.
 */
export async function performTask(
  run: Run,
  goal: PlanGoal,
  tools: PlanTools,
  task: PlannedTask,
  key: string,
  shares: number,
): Promise<TaskEnd> {
  const given = editable(plannedTaskSchema.shape.work, task.work);
  const work = await run.step(`${key}.work`, given, (_, inForce) => inForce, plannedTaskSchema.shape.work);
  try {
    const todo = workOf({ ...task, work }, goal, tools);
    if (todo.kind === "goal") {
      const budget = { ...shareOf(run.budget.unreserved(), shares), ...todo.asked };
      return endOf(await run.child(key, tools.workflowOf(todo.goal), todo.goal, budget));
    }
    const end = await tools.delegate?.(run, key, todo.task);
    if (end === undefined) throw new Error("work for workers was let through where there are none");
    return { ...end, journaled: end.journaled ?? true };
  } catch (error) {
    if (!(error instanceof FaultError) || !isRecordable(error.fault)) throw error;
    return { outcome: "failed", detail: error.fault.message.slice(0, detailLengthMax), journaled: false };
  }
}

function endOf({ exitCode, summary }: Result): TaskEnd {
  return { outcome: exitCode === 0 ? "done" : "failed", detail: summary.slice(0, detailLengthMax), journaled: false };
}
