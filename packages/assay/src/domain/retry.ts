/** How a step whose fault may pass is tried again: exponential back-off with full jitter. */
export type RetryPolicy = { triesMax: number; firstDelayMs: number; delayMsMax: number };

export const defaultRetry: RetryPolicy = { triesMax: 4, firstDelayMs: 100, delayMsMax: 5_000 };

/**
 * The pause before try number `tries + 1`.
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 (full jitter, with half the delay as its floor).
 */
export function retryDelayMs(policy: RetryPolicy, tries: number, random: () => number): number {
  const delay = Math.min(policy.delayMsMax, policy.firstDelayMs * 2 ** (tries - 1));
  return delay / 2 + (random() * delay) / 2;
}
