import type { Run } from "#engine";
import { revokedAmong } from "../attest/attestation-desk.ts";
import { loadObservation } from "../observe.ts";
import { type Case, checkCandidate, type Judged } from "./check.ts";
import type { RepairTools } from "./goal.ts";

/**
 * What is to be locked in, as it was proven; where it rests on a report of a worker that was found wrong since, checked and judged again, here alone.
 * `undefined` where it cannot be applied any more, which nothing that was applied before should be.
 */
export async function withoutRevoked(
  run: Run,
  tools: RepairTools,
  subject: Case,
  proven: Judged,
): Promise<Judged | undefined> {
  const { candidate, evidence } = proven;
  const observations = await Promise.all(evidence.map(({ digest }) => loadObservation(tools.blobs, digest)));
  const workers = observations.flatMap(({ worker }) => (worker === undefined ? [] : [worker]));
  const { attestation } = tools;
  if (workers.length === 0) return proven;
  const revoked = await run.step(`${candidate.id}.revoked`, { workers }, () =>
    attestation === undefined ? workers : revokedAmong(attestation, workers),
  );
  if (revoked.length === 0) return proven;
  const again = { ...candidate, id: `${candidate.id}-again` };
  return await checkCandidate(run, tools, { ...subject, targets: proven.targets, testers: false }, again);
}
