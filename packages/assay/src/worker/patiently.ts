import { setTimeout as delay } from "node:timers/promises";
import { defaultRetry, FaultError, retryDelayMs } from "#domain";

/**
 * Calls again as long as the daemon is away: a claim may still hold when it is back. Ends with the signal, which aborts when the
 * daemon says that it does not.
 */
export async function patiently<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted || !isAway(error)) throw error;
      await delay(retryDelayMs(defaultRetry, failures, Math.random), undefined, { signal });
    }
  }
}

function isAway(error: unknown): boolean {
  return error instanceof FaultError && ["daemon-unreachable", "rate-limited"].includes(error.fault.code);
}
