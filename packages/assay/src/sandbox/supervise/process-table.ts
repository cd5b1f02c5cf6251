import { readdirSync, readFileSync } from "node:fs";

/** Every bound here is on reading /proc, where a process may vanish between two reads. */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

export type ProcessState = { state: string; cpuTicks: number; threads: number };

/** State, CPU ticks (own and of reaped children) and threads of a process, from /proc/PID/stat (proc_pid_stat(5)). */
export function processState(pid: number): ProcessState | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name may contain anything, brackets and spaces too; the fields follow its last bracket.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const tick = (index: number) => Number(fields[index] ?? 0);
  return { state: fields[0] ?? "?", cpuTicks: tick(11) + tick(12) + tick(13) + tick(14), threads: tick(17) };
}

export function childrenOf(pid: number): number[] {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  const lists = threads.map((thread) => readProc(`/proc/${pid}/task/${thread}/children`) ?? "");
  return lists.flatMap((list) => list.split(" ").filter((child) => child !== "")).map(Number);
}

/** A process and everything descended from it, breadth first, at most about `processesMax` of them. */
export function descendants(root: number, processesMax: number): number[] {
  const found = [root];
  for (const pid of found) {
    if (found.length >= processesMax) break;
    found.push(...childrenOf(pid));
  }
  return found;
}

/** Proportional set size of a process in bytes, or its resident set where the kernel does not tell. */
export function memoryBytesOf(pid: number): number {
  const rollup = readProc(`/proc/${pid}/smaps_rollup`);
  const proportional = rollup?.match(/^Pss:\s+(\d+) kB/m)?.[1];
  if (proportional !== undefined) return Number(proportional) * 1024;
  const resident = readProc(`/proc/${pid}/statm`)?.split(" ")[1];
  return Number(resident ?? 0) * 4096;
}

/** Zombies count as gone: they run nothing, hold nothing and wait for their parent only. */
export function isAlive(pid: number): boolean {
  const state = processState(pid)?.state;
  return state !== undefined && state !== "Z" && state !== "X";
}

/** When a process started, in ticks since boot; tells a process from a later one with its pid. `0`: unknown or gone. */
export function startTimeOf(pid: number): string {
  const stat = readProc(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
}
