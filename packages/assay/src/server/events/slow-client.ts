import type { ServerResponse } from "node:http";

/**
 * True when the client has taken all that waits for it; false: not within `stalledMsMax`, it is gone, or `signal` was aborted before.
 */
export async function whenRead(
  response: ServerResponse,
  { stalledMsMax }: { stalledMsMax: number },
  signal: AbortSignal,
): Promise<boolean> {
  if (!response.writableNeedDrain) return true;
  if (response.destroyed || signal.aborted) return false;
  return new Promise((resolve) => {
    const settle = (wasRead: boolean) => {
      clearTimeout(timer);
      response.off("drain", onDrain);
      signal.removeEventListener("abort", onGone);
      resolve(wasRead);
    };
    const onDrain = () => settle(true);
    // Also when the connection is closed: that aborts the signal.
    const onGone = () => settle(false);
    const timer = setTimeout(onGone, stalledMsMax);
    response.once("drain", onDrain);
    signal.addEventListener("abort", onGone, { once: true });
  });
}
