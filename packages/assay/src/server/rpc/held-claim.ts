import { raise } from "#domain";
import type { Claim, Holding } from "#ports";
import type { AdmittedWorker } from "./admission.ts";
import { type ClaimName, isClaim } from "./claim-ref.ts";

/** A valid claim, by its name. */
export type HeldClaim = ClaimName & Holding;

/** A claim of that worker that is valid: here, or in the journal of a run that was not taken up again yet. */
export async function findClaim({ work, worker }: AdmittedWorker, name: ClaimName): Promise<HeldClaim | undefined> {
  const holding = await work.queue.holding(name.run, name.task, name.token);
  return holding?.worker === worker.id ? { ...name, ...holding } : undefined;
}

/** The same of a run that goes on. Throws `daemon-unreachable` while it does not. */
export function claimTakenUp({ work, worker }: AdmittedWorker, name: ClaimName): Claim {
  const claim = work.queue.claimsOf(worker.id).find((held) => isClaim(held, name));
  return (
    claim ?? raise("daemon-unreachable", `run ${name.run} has not been taken up again yet`, "try again in a moment")
  );
}

export function loseLease({ run, task, token }: ClaimName): never {
  raise("lease-lost", `the claim ${token} of ${task} in ${run} is over`, "stop that task and report nothing of it");
}
