import type { RunEvent } from "@assay/sdk";
import { runPlace } from "../traces/trace-ids.ts";
import type { LogFields } from "./log-fields.ts";
import type { Log } from "./open-log.ts";

export type LoggedRequest = {
  /** The request's id, which its answer carries too. */
  request: string;
  /** The route's name or template: paths may hold what should not be read by whoever reads logs. */
  route: string;
  method: string;
  status: number;
  durationMs: number;
  tenant?: string;
  /** Id of the key, never the key. */
  key_id?: string;
  run?: string;
  /** Of the `traceparent` that came with it. */
  trace_id?: string;
};

/** One line for each request: what failed by our fault is an error, what was refused a warning. */
export function logRequest(log: Log, { ...fields }: LoggedRequest): void {
  if (fields.status >= 500) log.error("request failed", fields);
  else if (fields.status === 401 || fields.status === 403 || fields.status === 429) log.warn("request refused", fields);
  else log.info("request", fields);
}

/** One line for each change of a run, of a claim or of a breaker; the rest of its events are in the journal. */
export function logRunEvent(log: Log, tenant: string, event: RunEvent): void {
  const run = event.runId ?? "";
  // A run that was asked for in somebody else's trace is found by its own id.
  const outer = event.type === "run-started" ? event.trace : undefined;
  const fields: LogFields = { tenant, run, trace_id: runPlace(run, outer).traceId };
  switch (event.type) {
    case "run-started":
      log.info("run started", { ...fields, workflow: event.workflow });
      return;
    case "lease-claimed":
      log.info("run claimed", fields);
      return;
    case "run-paused":
      log.warn("run paused", { ...fields, code: event.fault.code });
      return;
    case "run-cancelled":
      log.info("run cancelled", fields);
      return;
    case "result": {
      const ended: LogFields = { ...fields, outcome: event.outcome };
      if (event.outcome !== "failed") log.info("run ended", ended);
      else log.error("run failed", event.fault === undefined ? ended : { ...ended, code: event.fault.code });
      return;
    }
    case "task-released":
      log.warn("claim ended without a result", { ...fields, task: event.task, state: event.reason });
      return;
    case "task-finished":
      log.info("task ended", { ...fields, task: event.task, outcome: event.outcome });
      return;
    case "breaker-changed":
      log.warn("breaker changed", { ...fields, circuit: event.breaker, state: event.to });
      return;
    default:
  }
}
