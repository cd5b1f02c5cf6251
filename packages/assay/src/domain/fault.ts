import type { Fault, FaultCode } from "@assay/sdk";

/** `retry`: may pass on another try; `terminal`: will not; `pause`: needs a person or more budget, the run stays resumable. */
export type Disposition = "retry" | "terminal" | "pause";

type FaultPolicy = { disposition: Disposition; httpStatus: number; exitCode: 0 | 1 | 2 | 3 | 4 | 5 | 130 };

/** The one table: what a fault means to the engine, to an API client and to a script. */
const faultPolicies: Record<FaultCode, FaultPolicy> = {
  usage: { disposition: "terminal", httpStatus: 400, exitCode: 2 },
  "config-invalid": { disposition: "terminal", httpStatus: 422, exitCode: 2 },
  "not-a-project": { disposition: "terminal", httpStatus: 422, exitCode: 2 },
  "no-tests": { disposition: "terminal", httpStatus: 422, exitCode: 3 },
  "no-isolation": { disposition: "terminal", httpStatus: 503, exitCode: 4 },
  "tool-missing": { disposition: "terminal", httpStatus: 503, exitCode: 4 },
  "dependency-missing": { disposition: "terminal", httpStatus: 503, exitCode: 4 },
  "environment-broken": { disposition: "terminal", httpStatus: 503, exitCode: 4 },
  "sandbox-failed": { disposition: "retry", httpStatus: 503, exitCode: 4 },
  "workspace-failed": { disposition: "retry", httpStatus: 503, exitCode: 4 },
  "tree-changed": { disposition: "terminal", httpStatus: 409, exitCode: 3 },
  "tree-not-writable": { disposition: "terminal", httpStatus: 403, exitCode: 4 },
  "state-not-writable": { disposition: "terminal", httpStatus: 503, exitCode: 4 },
  "run-locked": { disposition: "retry", httpStatus: 409, exitCode: 4 },
  "run-not-found": { disposition: "terminal", httpStatus: 404, exitCode: 2 },
  "run-finished": { disposition: "terminal", httpStatus: 409, exitCode: 2 },
  "journal-corrupt": { disposition: "terminal", httpStatus: 500, exitCode: 4 },
  "journal-conflict": { disposition: "retry", httpStatus: 409, exitCode: 4 },
  "workflow-changed": { disposition: "terminal", httpStatus: 409, exitCode: 4 },
  "disk-full": { disposition: "pause", httpStatus: 507, exitCode: 4 },
  "budget-exhausted": { disposition: "pause", httpStatus: 402, exitCode: 5 },
  "breaker-open": { disposition: "pause", httpStatus: 503, exitCode: 5 },
  "waiting-for-signal": { disposition: "pause", httpStatus: 202, exitCode: 5 },
  cancelled: { disposition: "terminal", httpStatus: 409, exitCode: 130 },
  interrupted: { disposition: "pause", httpStatus: 503, exitCode: 130 },
  "oracle-unavailable": { disposition: "terminal", httpStatus: 503, exitCode: 3 },
  "model-unauthorized": { disposition: "terminal", httpStatus: 502, exitCode: 4 },
  "model-not-found": { disposition: "terminal", httpStatus: 502, exitCode: 2 },
  "model-rejected": { disposition: "terminal", httpStatus: 502, exitCode: 4 },
  "model-rate-limited": { disposition: "retry", httpStatus: 503, exitCode: 4 },
  "model-unreachable": { disposition: "retry", httpStatus: 503, exitCode: 4 },
  "model-failed": { disposition: "retry", httpStatus: 502, exitCode: 4 },
  "agent-failed": { disposition: "terminal", httpStatus: 502, exitCode: 4 },
  "patch-rejected": { disposition: "terminal", httpStatus: 422, exitCode: 1 },
  "receipt-invalid": { disposition: "terminal", httpStatus: 422, exitCode: 1 },
  "receipt-mismatch": { disposition: "terminal", httpStatus: 409, exitCode: 1 },
  "signer-unknown": { disposition: "terminal", httpStatus: 403, exitCode: 3 },
  "key-invalid": { disposition: "terminal", httpStatus: 422, exitCode: 2 },
  unauthorized: { disposition: "terminal", httpStatus: 401, exitCode: 4 },
  forbidden: { disposition: "terminal", httpStatus: 403, exitCode: 4 },
  "not-found": { disposition: "terminal", httpStatus: 404, exitCode: 2 },
  "idempotency-conflict": { disposition: "terminal", httpStatus: 422, exitCode: 2 },
  "too-large": { disposition: "terminal", httpStatus: 413, exitCode: 2 },
  "media-type": { disposition: "terminal", httpStatus: 415, exitCode: 2 },
  "rate-limited": { disposition: "retry", httpStatus: 429, exitCode: 4 },
  "lease-lost": { disposition: "terminal", httpStatus: 409, exitCode: 4 },
  "worker-revoked": { disposition: "terminal", httpStatus: 403, exitCode: 4 },
  "worker-superseded": { disposition: "terminal", httpStatus: 409, exitCode: 4 },
  stopped: { disposition: "pause", httpStatus: 503, exitCode: 5 },
  "daemon-unreachable": { disposition: "retry", httpStatus: 503, exitCode: 4 },
  defect: { disposition: "terminal", httpStatus: 500, exitCode: 4 },
};

export function faultPolicy(code: FaultCode): FaultPolicy {
  return faultPolicies[code];
}

export function fault(code: FaultCode, message: string, remedy?: string): Fault {
  return remedy === undefined ? { code, message } : { code, message, remedy };
}

/** Carries a `Fault` through code that cannot return it. Persist and compare the `fault`, never the class. */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(value: Fault, options?: ErrorOptions) {
    super(value.message, options);
    this.name = "FaultError";
    this.fault = value;
  }
}

/** Throws a `FaultError`; for use in expression position. */
export function raise(code: FaultCode, message: string, remedy?: string): never {
  throw new FaultError(fault(code, message, remedy));
}
