import type { ChildProcess } from "node:child_process";

/** What belongs to one supervised command, and how all of it is ended. */
export interface ProcessTree {
  /** Host pids of everything alive in it, at most `processesMax`. */
  members(processesMax: number): number[];
  /** Sends SIGKILL to all of it; never throws. */
  kill(): void;
  /** Kills what is left after the first process ended, and settles when nothing is left. */
  sweep(): Promise<void>;
}

/** SIGKILL; a process that is gone already is no error. A negative pid is a process group. */
export function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

/** Whether Node has reaped a child: from then on its pid may be given to another process. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
