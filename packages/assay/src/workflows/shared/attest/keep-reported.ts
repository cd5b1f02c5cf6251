import type { CheckOutput } from "@assay/sdk";
import { type Observed, type ObservedRun, recordObservation } from "../observe.ts";
import type { WorkflowTools } from "../tools.ts";

/**
 * Stores what a tester reported as an observation that names it. Its oracle digest is derived here from what the report says was
 * written; base and patch are those that it was sent.
 */
export async function keepReported(
  tools: Pick<WorkflowTools, "blobs">,
  run: ObservedRun & { worker: string },
  { stdout, stderr, ...output }: CheckOutput,
): Promise<Observed> {
  return await recordObservation(tools, run, { ...output, stdout: { text: stdout }, stderr: { text: stderr } });
}
