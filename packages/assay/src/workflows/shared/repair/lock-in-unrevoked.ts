import { FaultError, raise } from "#domain";
import type { Run } from "#engine";
import { revokedAmong } from "../attest/attestation-desk.ts";
import { loadObservation } from "../observe.ts";
import { type Case, checkCandidate, type Judged } from "./check.ts";
import type { RepairTools } from "./goal.ts";
import { type LockedIn, lockIn } from "./lock-in.ts";

/** What was locked in, and as what it was proven; else what became of it, `undefined` where it cannot be applied any more. */
export type Locked = { proven: Judged; left: LockedIn } | { proven: Judged | undefined; left?: undefined };

/**
 * Locks in what was proven; where it rests on a report of a worker that was found wrong since, it is checked and judged again first, here
 * alone. Who was found wrong is asked within the step that signs: between a recorded answer and a signature a run may stand for days.
 */
export async function lockInUnrevoked(run: Run, tools: RepairTools, subject: Case, proven: Judged): Promise<Locked> {
  try {
    const left = await lockIn(run, tools, subject, proven, { before: () => refuseRevoked(tools, proven) });
    return { proven, left };
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== "worker-revoked") throw error;
  }
  const again = { ...proven.candidate, id: `${proven.candidate.id}-again` };
  const judged = await checkCandidate(run, tools, { ...subject, targets: proven.targets, testers: false }, again);
  if (judged?.verdict.kind !== "accepted") return { proven: judged };
  return { proven: judged, left: await lockIn(run, tools, subject, judged, { again: true }) };
}

/** Throws `worker-revoked` for what rests on the report of a worker that was found wrong by now; where nobody knows, each may have been. */
export async function refuseRevoked({ blobs, attestation }: RepairTools, { evidence }: Judged): Promise<void> {
  const observations = await Promise.all(evidence.map(({ digest }) => loadObservation(blobs, digest)));
  const workers = observations.flatMap(({ worker }) => (worker === undefined ? [] : [worker]));
  if (workers.length === 0) return;
  const revoked = attestation === undefined ? workers : await revokedAmong(attestation, workers);
  if (revoked.length === 0) return;
  raise("worker-revoked", `it rests on a report of ${revoked.join(", ")}, found wrong since`, "heal it again");
}
