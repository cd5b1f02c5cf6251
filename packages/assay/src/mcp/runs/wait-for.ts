import { setTimeout as pass } from "node:timers/promises";
import type { Driven } from "#app";
import type { Drive } from "./drive.ts";

/**
 * Waits for a run to end, at most `waitMsMax` after it has begun; `undefined` when it goes on. `signal` ends the waiting only.
 * Throws what kept the run from beginning.
 */
export async function waitFor(drive: Drive, waitMsMax: number, signal: AbortSignal): Promise<Driven | undefined> {
  const waiting = new AbortController();
  const given = AbortSignal.any([signal, waiting.signal]);
  try {
    await drive.begun;
    // An aborted wait is a wait that is over.
    const over = pass(waitMsMax, undefined, { signal: given }).catch(() => undefined);
    return await Promise.race([drive.ended, over]);
  } finally {
    waiting.abort();
  }
}
