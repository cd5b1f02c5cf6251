import { type Approval, approvalSchema, type Digest, type Fault } from "@assay/sdk";
import { approverName, FaultError, fault, raise } from "#domain";
import type { Run } from "#engine";
import type { Judged } from "../shared/repair/check.ts";
import type { HealGoal, HealTools } from "./tools.ts";

/** The name under which a person's decision is sent. */
export const approvalSignal = "approval";

/**
 * Asks a person whether a proven change may be applied, where the goal wants that, and gives back why not, if not. Durable: throws
 * `waiting-for-signal` until somebody has decided, and the run goes on from there on resume.
 */
export async function approvalRefused(
  run: Run,
  tools: HealTools,
  goal: HealGoal,
  proven: Judged,
): Promise<Fault | undefined> {
  if (goal.approve === undefined) return undefined;
  tools.progress({ kind: "phase", phase: "approval" });
  await run.emit({ type: "person-asked", signal: approvalSignal, question: "approval" });
  const approval = await decisionOf(run);
  if (!isAbout(approval, run.id, proven.patch)) {
    // What was approved is the change that was shown, where it was shown; another one nobody has seen.
    return fault("patch-rejected", `${approverName(approval)} decided about another change than the one proven here`);
  }
  if (approval.approved) return undefined;
  const note = approval.note === undefined ? "" : `: ${approval.note}`;
  return fault("patch-rejected", `${approverName(approval)} did not approve it${note}`);
}

/** Whether a decision is about this change of this run: what was approved once is not approved in a fork, which somebody else may have made. */
export function isAbout(approval: Approval, run: string, patch: Digest | undefined): boolean {
  return approval.patch === patch && (approval.run === undefined || approval.run === run);
}

async function decisionOf(run: Run): Promise<Approval> {
  try {
    return await run.signal(approvalSignal, approvalSchema);
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== "waiting-for-signal") throw error;
    raise(
      "waiting-for-signal",
      `run ${run.id} has a proven change, and waits for somebody to approve it`,
      `look at it: assay show ${run.id}; then: assay approve ${run.id} [--reject], and: assay resume ${run.id}`,
    );
  }
}
