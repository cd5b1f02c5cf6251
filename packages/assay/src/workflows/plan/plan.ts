import type { Result } from "@assay/sdk";
import type { Workflow } from "#engine";
import { type PlanEnd, PlanExecution } from "./execute-plan.ts";
import type { PlanGoal, PlanTools } from "./tools.ts";
import { refuseUnsound } from "./work.ts";

const namesMax = 20;

/** Executes a plan: goals by runs of their own, everything else by workers. */
export function planWorkflow(tools: PlanTools): Workflow<PlanGoal, Result> {
  return {
    name: "plan",
    version: 1,
    run: async (run, goal) => {
      refuseUnsound(goal, tools);
      return resultOf(await new PlanExecution(run, goal, tools).execute());
    },
  };
}

function resultOf({ plan, ended }: PlanEnd): Result {
  const named = (wanted: string) => plan.tasks.flatMap(({ key }) => (ended.get(key)?.outcome === wanted ? [key] : []));
  const [failed, skipped, total] = [named("failed"), named("skipped"), plan.tasks.length];
  if (failed.length + skipped.length === 0) {
    const summary = total === 1 ? "The task is done." : `All ${total} tasks are done.`;
    return { type: "result", outcome: "done", exitCode: 0, summary };
  }
  const parts = [`${failed.length} of ${total} tasks failed: ${list(failed)}`];
  if (skipped.length > 0) parts.push(`${skipped.length} not begun: ${list(skipped)}`);
  return { type: "result", outcome: "failed", exitCode: 1, summary: `${parts.join("; ")}.` };
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, namesMax).join(", ");
  return names.length > namesMax ? `${shown} and ${names.length - namesMax} more` : shown;
}
