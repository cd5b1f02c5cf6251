import { onLostOutput } from "./output/lost-output.ts";

/** A second signal within this time is an echo of the first (a terminal tells the whole process group), not impatience. */
const echoMs = 500;

/**
 * Aborts at the first Ctrl-C or SIGTERM, or when nobody reads what is printed any more, so that the run stops at a checkpoint;
 * the second signal ends the process.
 */
export function abortOnInterrupt(): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt === undefined) {
      firstAt = Date.now();
      controller.abort();
    } else if (Date.now() - firstAt > echoMs) {
      process.exit(130);
    }
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  const lost = onLostOutput(() => controller.abort());
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      lost[Symbol.dispose]();
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
