import type { Run } from "#engine";
import { type LockedIn, lockIn as lockInJudgement } from "../shared/lock-in.ts";
import type { Case, Judged } from "./check.ts";
import type { HealTools } from "./tools.ts";

export type { LockedIn } from "../shared/lock-in.ts";

/** Signs what was proven and leaves patch, evidence and receipt behind. */
export async function lockIn(run: Run, tools: HealTools, subject: Case, proven: Judged): Promise<LockedIn> {
  const { candidate, diff, patch, expectation, verdict } = proven;
  return lockInJudgement(run, tools, {
    ...subject.project,
    provenance: candidate.provenance,
    diff,
    patch,
    expectation,
    verdict,
    evidence: [...subject.baseline.evidence, ...proven.evidence],
  });
}
