import type { Limits } from "#domain";
import type { Guard } from "./guard.ts";
import { memoryBytesOf, processState } from "./process-table.ts";

/** USER_HZ: what /proc counts CPU time in, 100 a second on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Limits enforced by looking at /proc, for machines without cgroups; a short burst between two looks can pass. */
export function watchdogGuards(limits: Limits): Guard[] {
  const silent = () => undefined;
  return [
    {
      check(members) {
        const ticks = members().reduce((sum, pid) => sum + (processState(pid)?.cpuTicks ?? 0), 0);
        return ticks > limits.cpuSecondsMax * ticksPerSecond ? { kind: "limited", by: "cpu" } : undefined;
      },
      causeOfEnd: silent,
    },
    {
      // The namespace's first process is bubblewrap's, not the command's.
      check: (members) =>
        members().length - 1 > limits.processesMax ? { kind: "limited", by: "processes" } : undefined,
      causeOfEnd: silent,
    },
    {
      check(members) {
        let bytes = 0;
        for (const pid of members()) {
          bytes += memoryBytesOf(pid);
          if (bytes > limits.memoryBytesMax) return { kind: "limited", by: "memory" };
        }
        return undefined;
      },
      causeOfEnd: silent,
    },
  ];
}
