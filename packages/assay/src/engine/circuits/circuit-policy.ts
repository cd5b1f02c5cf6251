import type { CircuitLevel } from "@assay/sdk";
import type { BreakerPolicy } from "#domain";
import type { SystemPolicy } from "./recent-work.ts";

export type CircuitPolicy = {
  step: BreakerPolicy;
  worker: BreakerPolicy;
  system: SystemPolicy;
};

/**
 * Of a kind of step: more failures than one run has before its own breaker opens, since one run alone must not stop the others. Of the
 * system: what two runs fail at with all their tries; at workers more than five of them lose before their own circuits open.
 */
export const defaultCircuits: CircuitPolicy = {
  step: { failuresMax: 10, coolDownMs: 30_000 },
  worker: { failuresMax: 3, coolDownMs: 60_000 },
  system: {
    windowMs: 5 * 60_000,
    coolDownMs: 60_000,
    own: { failuresMin: 6, shareMin: 0.5, runsMin: 2 },
    all: { failuresMin: 20, shareMin: 0.8, runsMin: 3, workersMin: 5 },
  },
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

/** Whether `system` fails is seen from all that is tried; one failure as a probe opens it again. */
export function policyOf(policy: CircuitPolicy, circuit: string): BreakerPolicy {
  const level = levelOf(circuit);
  return level === "system" ? { failuresMax: 1, coolDownMs: policy.system.coolDownMs } : policy[level];
}
