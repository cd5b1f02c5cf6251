import { fault } from "#domain";
import type { FunctionCheckLimits, FunctionOutcome } from "#ports";
import type { ToldByZygote } from "./zygote-messages.ts";

const sigkill = -9;
const sigxcpu = -24;

/**
 * What a check showed, from what the examiner saw and how the processes ended. The examiner's word counts for as long as the candidate was
 * there; of one that was not, the zygote knows how it went.
 */
export function conclude(told: ToldByZygote, limits: FunctionCheckLimits): FunctionOutcome {
  const { examined, candidate, examiner, timedOut, outOfMemory, cpuMs } = told;
  const overCpu = cpuMs >= limits.cpuMsMax || candidate === sigxcpu;
  if (outOfMemory) return { kind: "out-of-memory" };
  if (timedOut) return { kind: "timed-out", by: overCpu ? "cpu" : "wall" };
  if (examined === undefined) {
    const how = examiner < 0 ? `signal ${-examiner}` : `exit code ${examiner}`;
    return { kind: "fault", fault: fault("sandbox-failed", `the process that runs the tests ended by ${how}`) };
  }
  switch (examined.kind) {
    case "gone":
      if (overCpu) return { kind: "timed-out", by: "cpu" };
      // Nobody inside can send it to the first process of a namespace: it was the kernel, for want of memory.
      if (candidate === sigkill) return { kind: "out-of-memory" };
      return { kind: "crashed", message: describeEnd(candidate) };
    case "failed":
      return examined.type === "MemoryError" ? { kind: "out-of-memory" } : examined;
    default:
      return examined;
  }
}

function describeEnd(code: number): string {
  return code < 0
    ? `the candidate's process was ended by signal ${-code}`
    : `the candidate's process exited with code ${code} before the tests were done`;
}
