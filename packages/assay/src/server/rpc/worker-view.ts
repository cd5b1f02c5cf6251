import type { WorkerState, WorkerView } from "@assay/sdk";
import type { Claim, RegisteredWorker } from "#ports";

/** A worker that missed three heartbeats is taken for away. */
const heartbeatsMissedMax = 3;

/** After this long without a word. */
export function awayAfterMs(heartbeatMs: number): number {
  return heartbeatsMissedMax * heartbeatMs;
}

export type Presence = { state: WorkerState; lastHeardAt: number };

/** A worker as people are shown it. `presence`: absent where it was not heard of since the daemon began. */
export function viewOfWorker(
  worker: RegisteredWorker,
  claims: readonly Claim[],
  presence: Presence | undefined,
  { now, heartbeatMs }: { now: number; heartbeatMs: number },
): WorkerView {
  const lastSeenAt = Math.max(worker.lastSeenAt, presence?.lastHeardAt ?? 0);
  const isHere = presence !== undefined && now - lastSeenAt <= awayAfterMs(heartbeatMs);
  return {
    worker: worker.id,
    name: worker.name,
    role: worker.role,
    capabilities: [...worker.capabilities],
    state: presence?.state ?? "idle",
    status: worker.revoked !== undefined ? "revoked" : isHere ? "here" : "away",
    attest: worker.attest,
    registeredAt: worker.registeredAt,
    lastSeenAt,
    claims: claims.map(({ offer, token }) => ({ run: offer.run, task: offer.task, token })),
    done: worker.done,
    failed: worker.failed,
    reexecuted: worker.reexecuted,
    ...(worker.revoked === undefined ? {} : { revokedBecause: worker.revoked.because }),
  };
}
