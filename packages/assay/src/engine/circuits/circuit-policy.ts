import type { CircuitLevel } from "@assay/sdk";
import type { BreakerPolicy } from "#domain";

export type CircuitPolicy = {
  step: BreakerPolicy;
  worker: BreakerPolicy;
  /** Opens when `openMax` circuits of steps and workers are open that opened within the last `windowMs`. */
  system: { openMax: number; windowMs: number; coolDownMs: number };
};

/** More failures than one run has before its own breaker opens: one run alone must not stop the others. */
export const defaultCircuits: CircuitPolicy = {
  step: { failuresMax: 10, coolDownMs: 30_000 },
  worker: { failuresMax: 3, coolDownMs: 60_000 },
  system: { openMax: 5, windowMs: 5 * 60_000, coolDownMs: 60_000 },
};

export function stepCircuit(kind: string): string {
  return `step:${kind}`;
}

export function workerCircuit(worker: string): string {
  return `worker:${worker}`;
}

export function levelOf(circuit: string): CircuitLevel {
  if (circuit === "system") return "system";
  return circuit.startsWith("worker:") ? "worker" : "step";
}

/** `system` fails by what others do: one failure as a probe opens it again. */
export function policyOf(policy: CircuitPolicy, circuit: string): BreakerPolicy {
  const level = levelOf(circuit);
  return level === "system" ? { failuresMax: 1, coolDownMs: policy.system.coolDownMs } : policy[level];
}
