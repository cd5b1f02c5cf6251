import type { RunEvent } from "@assay/sdk";
import { type Budget, type RunId, raise } from "#domain";
import type { Journal, Owners } from "#ports";
import { project } from "./project-run.ts";

export type ClaimRequest = {
  journal: Journal;
  owners: Owners;
  run: RunId;
  /** This very engine is executing the run now. */
  active: boolean;
  /** Also from an owner that may be alive. */
  force: boolean;
  /** Told with the claim, where this execution has another budget than the run began with. */
  budget?: Budget;
};

/** The history before the claim, and the claim; its `seq` is the fencing token: whoever wrote before it conflicts after it. */
export type Lease =
  | { kind: "claimed"; events: RunEvent[]; claim: RunEvent[] }
  /** There is nothing left to execute. */
  | { kind: "finished"; events: RunEvent[] };

const triesMax = 5;

/**
 * Claims the right to execute a run. A run whose owner paused it, or is dead, is taken at once; one whose owner is alive, or
 * cannot be asked, is refused with `run-locked`.
 */
export async function claimLease(request: ClaimRequest): Promise<Lease> {
  const { journal, owners, run } = request;
  for (let tries = 0; tries < triesMax; tries++) {
    const events = await journal.read(run);
    if (project(events).result !== undefined) return { kind: "finished", events };
    refuseIfHeld(request, events);
    const expectedSeq = events.at(-1)?.seq ?? 0;
    const result = await journal.append({
      run,
      expectedSeq,
      events: [
        {
          type: "lease-claimed",
          owner: owners.self,
          ...(request.budget === undefined ? {} : { budget: { ...request.budget } }),
        },
      ],
      idempotencyKey: `claim:${expectedSeq}:${owners.self}`,
    });
    if (result.kind === "appended") return { kind: "claimed", events, claim: result.events };
  }
  raise("run-locked", `run ${run} is being claimed by others at the same time`, "try again");
}

function refuseIfHeld({ owners, run, active, force }: ClaimRequest, events: readonly RunEvent[]): void {
  const { status, owner } = project(events);
  if (active) raise("run-locked", `run ${run} is executed by this process already`, `see it with: assay show ${run}`);
  // A claim of this engine that it is not executing is left over from an execution that could not even write its pause.
  if (force || status !== "running" || owner === undefined || owner === owners.self) return;
  const liveness = owners.liveness(owner);
  if (liveness === "alive") {
    raise(
      "run-locked",
      `run ${run} is executed by ${owners.describe(owner)}`,
      `wait for it, or end it with: assay cancel ${run}`,
    );
  }
  if (liveness === "unknown") {
    raise(
      "run-locked",
      `run ${run} was begun by ${owners.describe(owner)}, which cannot be asked whether it is alive`,
      `if it is not: assay resume ${run} --force`,
    );
  }
}
