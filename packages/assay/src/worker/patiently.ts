import { setTimeout as delay } from "node:timers/promises";
import type { FaultCode } from "@assay/sdk";
import { defaultRetry, FaultError, fault, retryDelayMs } from "#domain";

/** The daemon is not there, or has not taken up the run yet; it says by itself when there is no use in waiting. */
const away: readonly FaultCode[] = ["daemon-unreachable", "rate-limited"];
/** The daemon's disk or database does not take what it is to keep: that passes, or somebody frees it. */
const cannotKeep: readonly FaultCode[] = ["run-locked", "journal-conflict", "disk-full", "state-not-writable"];
/** Calls that the daemon could not keep anything of, in a row: with their pauses about an hour. */
const unkeptMax = 720;

/**
 * Calls again as long as the daemon is away or cannot keep anything: a claim may still hold when it can. Ends with the signal, which
 * aborts when the daemon says that it does not; as `daemon-unreachable` where it could keep nothing for about an hour.
 */
export async function patiently<T>(call: () => Promise<T>, signal: AbortSignal, pause = wait): Promise<T> {
  let unkept = 0;
  for (let failures = 1; ; failures++) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted || !(error instanceof FaultError)) throw error;
      const { code, message } = error.fault;
      if (!away.includes(code) && !cannotKeep.includes(code)) throw error;
      unkept = cannotKeep.includes(code) ? unkept + 1 : 0;
      if (unkept >= unkeptMax) {
        const cause = { cause: error };
        throw new FaultError(fault("daemon-unreachable", `the daemon can keep nothing: ${message}`), cause);
      }
      await pause(retryDelayMs(defaultRetry, failures, Math.random), signal);
    }
  }
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}
