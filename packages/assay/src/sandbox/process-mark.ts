import { readlinkSync } from "node:fs";
import { startTimeOf } from "./supervise/process-table.ts";

/**
 * Tells a process from every other that shares a folder or a cgroup with it: the inode of its pid namespace (outside of which a pid
 * means nothing), its pid, and its start time in ticks since boot.
 */
export type ProcessMark = { pidNamespace: string; pid: number; startTime: string };

export function ownMark(): ProcessMark {
  return { pidNamespace: pidNamespace(), pid: process.pid, startTime: startTimeOf(process.pid) };
}

export function markText({ pidNamespace, pid, startTime }: ProcessMark): string {
  return `${pidNamespace}-${pid}-${startTime}`;
}

/** The mark that a name begins with. */
export function markOf(name: string): ProcessMark | undefined {
  const [, pidNamespace, pid, startTime] = /^(\d+)-(\d+)-(\d+)-/.exec(name) ?? [];
  if (pidNamespace === undefined || pid === undefined || startTime === undefined) return undefined;
  return { pidNamespace, pid: Number(pid), startTime };
}

/** Whether it is certain that the process is gone; of another pid namespace nothing is known from here. */
export function isGone(mark: ProcessMark): boolean {
  return mark.pidNamespace === pidNamespace() && startTimeOf(mark.pid) !== mark.startTime;
}

/** `0` where /proc does not tell. */
function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
  } catch {
    return "0";
  }
}
