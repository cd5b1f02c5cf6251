import type { ServerContext } from "@modelcontextprotocol/server";

/** Between two notifications of one call. */
const intervalMsMin = 250;

/** Tells a caller who asked for it what is going on, not more often than somebody can read. */
export function progressTeller(context: ServerContext): (now: string) => void {
  const token = context.mcpReq._meta?.progressToken;
  if (token === undefined) return () => undefined;
  let told = 0;
  let toldAt = 0;
  return (message) => {
    const at = performance.now();
    if (told > 0 && at - toldAt < intervalMsMin) return;
    toldAt = at;
    told++;
    const params = { progressToken: token, progress: told, message };
    // A caller who is gone needs none; that the connection is closed shows elsewhere.
    context.mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
}
