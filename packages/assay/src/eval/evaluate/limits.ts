import { functionLimits } from "#domain";
import type { FunctionCheckLimits, FunctionObservation } from "#ports";

/** For the reference solution itself, whose time is not known yet. */
export const referenceLimits: FunctionCheckLimits = {
  cpuMsMax: 15_000,
  wallMsMax: 30_000,
  memoryBytesMax: functionLimits.memoryBytesMax,
  processesMax: functionLimits.processesMax,
  frameBytesMax: 16 * 1024 * 1024,
};

/** T and k of max(T, k × the reference's time). */
const cpuMsLeast = 3_000;
const factor = 10;

/** What a candidate may take: calibrated by the reference solution's check on this machine, in this run. CPU time decides, the wall kills. */
export function candidateLimits(reference: FunctionObservation): FunctionCheckLimits {
  const measured = reference.outcome.kind === "passed" ? reference.cpuMs * factor : 0;
  const cpuMsMax = Math.ceil(Math.max(cpuMsLeast, measured));
  return { ...referenceLimits, cpuMsMax, wallMsMax: Math.max(10_000, cpuMsMax * 3) };
}
