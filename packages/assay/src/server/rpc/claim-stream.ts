import { raise } from "#domain";
import type { Claim, RegisteredWorker, WorkQueue } from "#ports";
import type { AdmittedWorker } from "./admission.ts";
import type { ClaimName } from "./claim-ref.ts";
import type { EmergencyStop } from "./emergency-stop.ts";
import type { MissingClaim } from "./session-claims.ts";
import type { WorkerSession } from "./worker-session.ts";

export type ClaimStreamRequest = {
  /** How many claims the worker can hold at a time. */
  capacity: number;
  /** What it holds now. */
  holding: readonly ClaimName[];
};

/** Claims that ended without a word are noticed within this. */
const lookMs = 250;

export type ClaimStreamPlace = {
  session: WorkerSession;
  stop: EmergencyStop;
  /** Aborts when the stream is over. */
  gone: AbortSignal;
  /** It has claims and does not keep them: another one would only be lost with them. */
  isSilent: () => boolean;
};

/**
 * Tasks for a worker as long as it can hold them and is heard of, until the signal aborts. Throws `worker-superseded` when it opens
 * another stream: who has lost its connection does not hear that, and who hears it works by a key that somebody else works by, too.
 */
export async function* claimStream(
  { worker, work }: AdmittedWorker,
  { session, stop, gone, isSilent }: ClaimStreamPlace,
  request: ClaimStreamRequest,
): AsyncGenerator<Claim> {
  const { queue } = work;
  const superseded = session.openClaimStream();
  const ended = AbortSignal.any([superseded, gone]);
  // A claim that was sent down a connection that had died reached nobody; its lease would hold it back for nothing.
  await releaseMissing(queue, session.claims.begin(request.holding, queue.claimsOf(worker.id)));
  while (!ended.aborted) {
    // After a restart it holds claims of runs that the queue does not know yet.
    const held = Math.max(queue.claimsOf(worker.id).length, session.claims.owed);
    if (stop.reason !== undefined || isSilent() || held >= request.capacity) {
      await session.told(ended, lookMs);
      continue;
    }
    const claim = await claimWhile(() => !isSilent(), queue, worker, [ended, stop.signal]);
    if (claim === undefined) continue;
    const { run, task } = claim.offer;
    if (ended.aborted || stop.reason !== undefined) {
      const reason = stop.reason === undefined ? "returned" : "stopped";
      await queue.release(run, task, claim.token, reason, "it was claimed too late to be sent");
      continue;
    }
    let isSent = false;
    try {
      session.claims.owe({ run, task, token: claim.token });
      yield claim;
      isSent = true;
    } finally {
      // Whether half a message arrived is unknown. If it did, the token that the worker has is void.
      if (!isSent) {
        session.claims.settle({ run, task, token: claim.token });
        await queue.release(run, task, claim.token, "returned", "it could not be sent");
      }
    }
  }
  if (superseded.aborted) {
    raise(
      "worker-superseded",
      "this worker was started elsewhere: another process registered with its key, and gets its tasks now",
      "give each worker a key of its own: assay worker --worker-key FILE",
    );
  }
}

/** Ends claims that their worker does not have. */
export async function releaseMissing(queue: WorkQueue, missing: readonly MissingClaim[]): Promise<void> {
  for (const { claim, reason } of missing) {
    const { run, task } = claim.offer;
    await queue.release(run, task, claim.token, reason, "it did not reach the worker");
  }
}

/** Waits for a claim until a signal aborts or, looked at now and then, the condition no longer holds. */
async function claimWhile(
  condition: () => boolean,
  queue: WorkQueue,
  worker: RegisteredWorker,
  signals: readonly AbortSignal[],
): Promise<Claim | undefined> {
  const over = new AbortController();
  const looking = setInterval(() => {
    if (!condition()) over.abort();
  }, lookMs);
  try {
    return await queue.claim(worker, AbortSignal.any([...signals, over.signal]));
  } finally {
    clearInterval(looking);
  }
}
