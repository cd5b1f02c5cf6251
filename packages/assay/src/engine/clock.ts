import { setTimeout as delay } from "node:timers/promises";

/** Time as the engine sees it, so that tests can turn it. */
export type Clock = {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms`, or as soon as the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

/** setTimeout fires at once for more than 2^31-1 ms. */
const timerMsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  async sleep(ms, signal) {
    const options = signal === undefined ? {} : { signal };
    for (let left = ms; left > 0 && signal?.aborted !== true; left -= timerMsMax) {
      await delay(Math.min(left, timerMsMax), undefined, options).catch(() => undefined);
    }
  },
};

/** Calls `act` again and again, `ms` apart, until it is disposed of. Must not keep a process alive. */
export type Every = (ms: number, act: () => void) => Disposable;

export const systemEvery: Every = (ms, act) => {
  const timer = setInterval(act, ms).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
};
