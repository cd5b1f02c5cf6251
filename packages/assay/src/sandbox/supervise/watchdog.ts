import type { Limits } from "#domain";
import type { Guard } from "./guard.ts";
import { memoryBytesOf, processState } from "./process-table.ts";

/** USER_HZ: what /proc counts CPU time in, 100 a second on every Linux that Node runs on. */
const ticksPerSecond = 100;

type Watched = "cpu" | "memory" | "processes";

/** Limits enforced by looking at /proc every 200 ms, for what no cgroup bounds; a burst between two looks can pass. */
export function watchdogGuards(limits: Limits, watched: readonly Watched[]): Guard[] {
  const check: Record<Watched, Guard["check"]> = {
    cpu(members) {
      const ticks = members().reduce((sum, pid) => sum + (processState(pid)?.cpuTicks ?? 0), 0);
      return ticks > limits.cpuSecondsMax * ticksPerSecond ? { kind: "limited", by: "cpu" } : undefined;
    },
    processes(members) {
      // Threads, as the kernel's own limits count.
      const threads = members().reduce((sum, pid) => sum + (processState(pid)?.threads ?? 0), 0);
      return threads > limits.processesMax ? { kind: "limited", by: "processes" } : undefined;
    },
    memory(members) {
      let bytes = 0;
      for (const pid of members()) {
        bytes += memoryBytesOf(pid);
        if (bytes > limits.memoryBytesMax) return { kind: "limited", by: "memory" };
      }
      return undefined;
    },
  };
  return watched.map((name) => ({ check: check[name], causeOfEnd: () => undefined }));
}
