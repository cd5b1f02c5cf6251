import { z } from "zod";

/** Every operational failure that crosses a boundary. Disposition, HTTP status and exit code: one table in `domain/fault.ts`. */
export const faultCodeSchema = z.enum([
  "usage",
  "config-invalid",
  "not-a-project",
  "no-tests",
  "no-isolation",
  "tool-missing",
  "dependency-missing",
  "environment-broken",
  "sandbox-failed",
  "workspace-failed",
  "tree-changed",
  "tree-not-writable",
  "state-not-writable",
  "run-locked",
  "run-not-found",
  "run-finished",
  "journal-corrupt",
  "journal-conflict",
  "workflow-changed",
  "disk-full",
  "budget-exhausted",
  "breaker-open",
  "waiting-for-signal",
  "cancelled",
  "interrupted",
  "oracle-unavailable",
  "model-unauthorized",
  "model-not-found",
  "model-rejected",
  "model-rate-limited",
  "model-unreachable",
  "model-failed",
  "agent-failed",
  "patch-rejected",
  "receipt-invalid",
  "receipt-mismatch",
  "signer-unknown",
  "key-invalid",
  "unauthorized",
  "forbidden",
  "not-found",
  "idempotency-conflict",
  "too-large",
  "media-type",
  "rate-limited",
  "lease-lost",
  "worker-revoked",
  "worker-superseded",
  "stopped",
  "daemon-unreachable",
  "defect",
]);
export type FaultCode = z.infer<typeof faultCodeSchema>;

/** An operational failure as a value: what happened, why, what to do. */
export const faultSchema = z.object({
  code: faultCodeSchema,
  message: z.string(),
  /** What the person can do now, as an imperative sentence or a command. */
  remedy: z.string().optional(),
  /** Of `breaker-open`: the circuit that outlives runs and must close first. */
  circuit: z.string().max(300).optional(),
});
export type Fault = z.infer<typeof faultSchema>;
