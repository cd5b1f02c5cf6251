import type { ClassifiedFailure } from "@assay/sdk";
import { classify } from "#oracle";
import { loadObservation } from "../observe.ts";
import type { Judged } from "./check.ts";
import type { RepairTools } from "./goal.ts";
import type { Project } from "./project.ts";

/** What is red with a candidate, as the last run of it was observed; empty where it was refused without a run. */
export async function failuresWith(
  tools: RepairTools,
  project: Project,
  { evidence }: Judged,
): Promise<readonly ClassifiedFailure[]> {
  const last = evidence.at(-1);
  if (last === undefined) return [];
  return classify((await loadObservation(tools.blobs, last.digest)).report, project);
}
