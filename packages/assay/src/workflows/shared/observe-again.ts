import type { Observation } from "@assay/sdk";
import { suiteLimits } from "#domain";
import { loadObservation, type ObserveRequest, observe } from "./observe.ts";
import type { WorkflowTools } from "./tools.ts";

/** Makes one observation outside of any run, to compare with a recorded one; `signal` ends it. */
export async function observeAgain(
  tools: WorkflowTools,
  request: Omit<ObserveRequest, "purpose" | "limits" | "signal"> & { signal?: AbortSignal },
): Promise<Observation> {
  const { signal = new AbortController().signal } = request;
  const { evidence } = await observe(tools, { ...request, purpose: "rerun", limits: suiteLimits, signal });
  return loadObservation(tools.blobs, evidence.digest);
}
