import type { Goal } from "@assay/sdk";
import { assertNever, raise } from "#domain";
import type { Workflow } from "#engine";
import { type EvalTools, evalWorkflow } from "#eval";
import { ProjectDetection } from "#oracle";
import {
  type HealTools,
  healWorkflow,
  type JudgeTools,
  judgeWorkflow,
  type PlanTools,
  planWorkflow,
  type SolveTools,
  solveWorkflow,
} from "#workflows";

/** What all workflows of a project together touch the world with. */
export type ProjectTools = HealTools & JudgeTools & EvalTools & SolveTools & Omit<PlanTools, "workflowOf">;

/** What each kind of goal is pinned to when its run begins, before the tools that execute it are there. */
const versions: Readonly<Record<Goal["kind"], number>> = { heal: 1, judge: 1, eval: 1, solve: 1, plan: 1 };

/** Name and version of the workflow that `workflowOf` gives. */
export function workflowPin({ kind }: Goal): Pick<Workflow, "name" | "version"> {
  return { name: kind, version: versions[kind] };
}

/** What each kind of goal is reached by. */
export function workflowOf(goal: Goal, tools: ProjectTools): Workflow {
  const { kind } = goal;
  switch (kind) {
    case "heal":
      return typed(kind, healWorkflow(tools));
    case "judge":
      return typed(kind, judgeWorkflow(tools));
    case "eval":
      return typed(kind, evalWorkflow(tools));
    case "solve":
      // The project's own configuration says nothing about the small project that solve makes, which uses what it has installed.
      return typed(kind, solveWorkflow({ ...tools, detector: new ProjectDetection({ environmentRoot: goal.root }) }));
    case "plan":
      return typed(kind, planWorkflow({ ...tools, workflowOf: (part) => workflowOf(part, tools) }));
    default:
      return assertNever(kind);
  }
}

/** The engine hands back the goal that the run was started with: of this kind, or it is not this workflow's. */
function typed<K extends Goal["kind"]>(kind: K, workflow: Workflow<Extract<Goal, { kind: K }>>): Workflow {
  return {
    ...workflow,
    run: (run, goal) =>
      goal.kind === kind
        ? workflow.run(run, goal as Extract<Goal, { kind: K }>)
        : raise("workflow-changed", `a goal of kind ${goal.kind} was given to ${workflow.name}`),
  };
}
