import type { FunctionCheckLimits, FunctionObservation } from "#ports";

export type Calibration = {
  /** No limit is lower, in milliseconds: a machine has bad moments. Default 1,000. */
  floorMs?: number;
  /** How many times the reference's time a candidate may take. Default 10. */
  factor?: number;
};

/** A check that takes longer than this is none. */
const cpuMsMax = 60_000;
const wallMsFloor = 5_000;

/**
 * The time a candidate may take where the reference solution took so long on this machine: max(T, k × reference). Processor time is what
 * decides; the wall clock, which kills, leaves room for a machine with other work. A reference that did not pass says nothing.
 */
export function calibrate(
  limits: FunctionCheckLimits,
  reference: Pick<FunctionObservation, "outcome" | "cpuMs"> | undefined,
  { floorMs = 1_000, factor = 10 }: Calibration = {},
): FunctionCheckLimits {
  if (reference?.outcome.kind !== "passed") return limits;
  const cpu = Math.min(cpuMsMax, Math.max(floorMs, Math.ceil(factor * reference.cpuMs)));
  return { ...limits, cpuMsMax: cpu, wallMsMax: Math.max(wallMsFloor, 3 * cpu) };
}
