import { setTimeout as delay } from "node:timers/promises";
import { isBusy } from "./sqlite-fault.ts";

const pauseMsMax = 50;

/** Tries again, leaving the event loop free in between, until it succeeds, fails otherwise, or `waitMsMax` have passed. */
export async function retryWhileBusy<T>(waitMsMax: number, attempt: () => T): Promise<T> {
  const deadline = performance.now() + waitMsMax;
  for (let tries = 0; ; tries++) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
    }
    await delay(Math.min(pauseMsMax, 1 + tries) * (0.5 + Math.random()));
  }
}
