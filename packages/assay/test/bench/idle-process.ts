/** How late a process that has nothing to do is woken on this machine: what a bench that is told beside it cannot be better than. */
import { monitorEventLoopDelay } from "node:perf_hooks";

const resolutionMs = 10;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();
process.once("message", () => {
  const lateMs = (percentile: number) =>
    Math.max(0, Math.round(delay.percentile(percentile) / 1e5) / 10 - resolutionMs);
  process.send?.({ p50Ms: lateMs(50), p99Ms: lateMs(99) } satisfies IdleProcess, () => process.disconnect());
});

export type IdleProcess = { p50Ms: number; p99Ms: number };
