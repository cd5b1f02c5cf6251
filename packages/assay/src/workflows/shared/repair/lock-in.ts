import type { Run } from "#engine";
import { type LockedIn, type LockInOptions, lockIn as lockInJudgement } from "../lock-in-judgement.ts";
import type { Case, Judged } from "./check.ts";
import type { RepairTools } from "./goal.ts";

export type { LockedIn } from "../lock-in-judgement.ts";

/** Signs what was proven and leaves patch, evidence and receipt behind. */
export async function lockIn(
  run: Run,
  tools: RepairTools,
  subject: Case,
  proven: Judged,
  options?: LockInOptions,
): Promise<LockedIn> {
  const { candidate, diff, patch, expectation, verdict } = proven;
  const evidence = [...subject.baseline.evidence, ...proven.evidence];
  const { provenance } = candidate;
  const judgement = { ...subject.project, provenance, diff, patch, expectation, verdict, evidence };
  return lockInJudgement(run, tools, judgement, options);
}
