import type { Candidate } from "@assay/sdk";
import { attemptName, raise } from "#domain";
import type { Run } from "#engine";
import type { Case } from "../shared/repair/check.ts";
import type { SolveTools } from "./tools.ts";

/** The text of the solution's file as a candidate has it. */
export function solutionOf(
  run: Run,
  tools: SolveTools,
  { project: { snapshot } }: Case,
  candidate: Candidate,
  solution: string,
): Promise<string> {
  return run.step(`${candidate.id}.solution`, { edits: candidate.edits }, async () => {
    await using workspace = await tools.workspaces.open(snapshot, attemptName(run.id, candidate.id, "solution"));
    const applied = await workspace.apply(candidate.edits);
    const text = applied.kind === "failed" ? undefined : await workspace.read(solution);
    return text ?? raise("workspace-failed", `the solution of candidate ${candidate.id} could not be read again`);
  });
}
