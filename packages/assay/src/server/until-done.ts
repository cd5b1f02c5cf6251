import { setTimeout as pass } from "node:timers/promises";

export type UntilDoneOptions = {
  /** Aborted: it is not tried again. */
  signal?: AbortSignal;
  /** Told of a try that failed, and whether it is the last. */
  onFailed?: (error: unknown, isLast: boolean) => void;
  /** Default: a real pause. Rejects when the signal is aborted. */
  wait?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
};

const triesMax = 100;
const pauseMsMin = 500;
const pauseMsMax = 30_000;

/**
 * What must be written down, however long that cannot be done: tried again in growing steps, for about 50 minutes. `first`: whether the
 * first try did it. `over` settles when it is done, given up or aborted; neither rejects.
 */
export function untilDone(
  work: () => Promise<unknown>,
  options: UntilDoneOptions = {},
): { first: Promise<boolean>; over: Promise<boolean> } {
  const first = tryOnce(work, options, false);
  return { first, over: goOn(first, work, options) };
}

async function goOn(
  first: Promise<boolean>,
  work: () => Promise<unknown>,
  { signal, onFailed, wait = really }: UntilDoneOptions,
): Promise<boolean> {
  if (await first) return true;
  for (let tries = 2; tries <= triesMax && signal?.aborted !== true; tries++) {
    try {
      await wait(pauseMs(tries - 1), signal);
    } catch {
      return false;
    }
    if (await tryOnce(work, { ...(onFailed === undefined ? {} : { onFailed }) }, tries === triesMax)) return true;
  }
  return false;
}

async function tryOnce(work: () => Promise<unknown>, { onFailed }: UntilDoneOptions, isLast: boolean) {
  try {
    await work();
    return true;
  } catch (error) {
    onFailed?.(error, isLast);
    return false;
  }
}

/** Before the try behind that many. */
export function pauseMs(tries: number): number {
  return Math.min(pauseMsMax, pauseMsMin * 2 ** (tries - 1));
}

export function really(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // What is to be written is no reason to keep a process alive.
  return pass(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) });
}
