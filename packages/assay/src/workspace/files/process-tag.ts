import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { answersSignals, digestOf } from "#ports";

/** Found in the name or mark of what a process makes for itself only: pid, start time, pid namespace, boot and host. */
const pattern = /^(?<pid>\d+)-(?<start>\d*)-(?<pids>\d*)-(?<boot>[0-9a-f]{8})-(?<host>[0-9a-f]{8})$/;

/** How a process names itself in what it leaves on disk: characters of a file name, at most 70 of them. */
export function processTag(): string {
  return `${process.pid}-${startTime(process.pid) ?? ""}-${pidNamespace()}-${bootTag()}-${short(hostname())}`;
}

/**
 * Whether the process of a tag certainly runs no more. One that cannot be asked (another machine, another container, a
 * malformed tag) may be alive.
 */
export function isDead(tag: string): boolean {
  const made = pattern.exec(tag)?.groups;
  if (made === undefined) return false;
  // The same machine after a reboot: nothing of before is alive.
  if (made.boot !== bootTag()) return made.host === short(hostname());
  if (made.pids !== pidNamespace()) return false;
  // Without /proc all machines look the same but for their names.
  if (made.start === "") return made.host === short(hostname()) && !answersSignals(Number(made.pid));
  // A pid is used again; with its start time it is not.
  return startTime(Number(made.pid)) !== made.start;
}

/** Field 22 of proc_pid_stat(5), in clock ticks since boot, of a process that is neither gone nor a zombie. */
function startTime(pid: number): string | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  // The second field is the command's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

/** The inode of the namespace: a pid means nothing in another one. */
function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "";
  } catch {
    return "";
  }
}

const bootTag = () => short(readOrEmpty("/proc/sys/kernel/random/boot_id"));
const short = (text: string) => digestOf(text).slice("sha256:".length, "sha256:".length + 8);

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
