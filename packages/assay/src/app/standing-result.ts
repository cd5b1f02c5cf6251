import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Result, type RunEvent, resultSchema } from "@assay/sdk";
import { faultPolicy } from "#domain";

/**
 * What a run's last execution came to, as its journal says; `undefined` while it has not come to anything. `directory` holds the run's
 * artifacts.
 */
export function standingResult(events: readonly RunEvent[], directory: string): Result | undefined {
  const [first] = events;
  const end = events.findLast(({ type }) => type === "result" || type === "run-paused" || type === "lease-claimed");
  const result = end === undefined ? undefined : resultOf(end);
  if (first === undefined || end === undefined || result === undefined) return undefined;
  const report = join(directory, "report.html");
  const durationMs = end.at - first.at;
  return { ...result, durationMs, ...(existsSync(report) ? { report } : {}) };
}

function resultOf(event: RunEvent): Result | undefined {
  if (event.type === "result") return resultSchema.parse(event);
  if (event.type !== "run-paused") return undefined;
  const { fault } = event;
  const summary = fault.remedy === undefined ? fault.message : `${fault.message}; ${fault.remedy}`;
  const outcome = fault.code === "defect" ? "failed" : "paused";
  return { type: "result", outcome, exitCode: faultPolicy(fault.code).exitCode, summary, fault };
}
