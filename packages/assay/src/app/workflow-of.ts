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
  type SolveTools,
  solveWorkflow,
} from "#workflows";

/** What all workflows of a project together touch the world with. */
export type ProjectTools = HealTools & JudgeTools & EvalTools & SolveTools;

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
