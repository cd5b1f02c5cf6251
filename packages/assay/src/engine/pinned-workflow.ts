import { type RunId, raise } from "#domain";
import type { RunState } from "./project-run.ts";
import type { Workflow } from "./workflow.ts";

/** What a run is executed by: the workflow of its name and version, or `workflow-changed`. */
export function pinnedWorkflow(
  workflows: readonly Workflow[],
  run: RunId,
  { workflow: wanted }: RunState,
  given: Workflow | undefined,
): Workflow {
  const found = given ?? workflows.find(({ name }) => name === wanted?.name);
  if (found === undefined || found.name !== wanted?.name || found.version !== wanted.version) {
    raise(
      "workflow-changed",
      `run ${run} belongs to workflow ${wanted?.name} version ${wanted?.version}, which this assay does not have`,
      "resume it with the version of assay that began it, or start a new run",
    );
  }
  return found;
}
