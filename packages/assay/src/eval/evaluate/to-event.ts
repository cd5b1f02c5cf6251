import type { ProblemEvaluated } from "@assay/sdk";
import type { FunctionCheckLimits, FunctionObservation, FunctionOutcome } from "#ports";
import type { Problem } from "../datasets/problem.ts";

/** Characters kept of what a candidate's failure says. */
export const messageMax = 500;

export function toEvent(
  { task }: Problem,
  sample: number,
  { outcome, level, calls, cpuMs, wallMs }: FunctionObservation,
  { cpuMsMax }: FunctionCheckLimits,
): ProblemEvaluated {
  const message = messageOf(outcome);
  return {
    type: "problem-evaluated",
    task,
    sample,
    outcome: outcome.kind,
    ...("type" in outcome ? { errorType: outcome.type.slice(0, 200) } : {}),
    ...(message === undefined ? {} : { message: message.slice(0, messageMax) }),
    level,
    calls,
    cpuMs: round(cpuMs),
    wallMs: round(wallMs),
    cpuMsMax,
    rounds: 0,
    tried: 0,
    proposeMs: 0,
    costMicroUsd: 0,
  };
}

function messageOf(outcome: FunctionOutcome): string | undefined {
  if (outcome.kind === "fault") return outcome.fault.message;
  if (outcome.kind === "timed-out") return `over its limit of ${outcome.by === "cpu" ? "CPU time" : "wall clock"}`;
  return "message" in outcome ? outcome.message : undefined;
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
