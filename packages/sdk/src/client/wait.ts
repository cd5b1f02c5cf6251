const waitMsMax = 30_000;

/**
 * How long to wait before the next try: doubled with each failure in a row up to 30 s, and of that a random share between a half and all,
 * so that those who were cut off together do not come back together. `random`: in [0, 1).
 */
export function waitMs(failures: number, baseMs: number, random: number): number {
  const longest = Math.min(waitMsMax, baseMs * 2 ** Math.min(Math.max(0, failures - 1), 16));
  return longest * (0.5 + random / 2);
}

/** Rejects with the signal's reason when that is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
