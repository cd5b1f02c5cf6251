import { setImmediate } from "node:timers/promises";

/** How long synchronous work may keep everything else waiting. */
const blockedMsMax = 10;

/** Returns what a loop of synchronous work awaits at each turn: it lets others run when it has kept them waiting. */
export function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < blockedMsMax) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
