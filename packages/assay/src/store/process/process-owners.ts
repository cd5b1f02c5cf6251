import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { answersSignals, type Owners } from "#ports";

const ownerSchema = z.object({
  host: z.string(),
  /** The kernel's boot id; empty where there is none. */
  boot: z.string(),
  /** The pid namespace: a pid means nothing in another one. */
  pids: z.string(),
  pid: z.int().min(1),
  /** Start time in clock ticks since boot: a pid is used again, the pair is not. */
  start: z.string(),
  /** Two owners in one process are not the same. */
  nonce: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

/** Names this process by host, boot, pid namespace, pid and start time, as /proc tells them; without /proc by host and pid. */
export class ProcessOwners implements Owners {
  readonly #self: Owner;
  readonly self: string;

  constructor() {
    this.#self = {
      host: hostname(),
      boot: readOr("/proc/sys/kernel/random/boot_id"),
      pids: pidNamespace(),
      pid: process.pid,
      start: startTime(process.pid) ?? "",
      nonce: randomBytes(6).toString("hex"),
    };
    this.self = JSON.stringify(this.#self);
  }

  liveness(text: string): "alive" | "dead" | "unknown" {
    const owner = parseOwner(text);
    if (owner === undefined) return "unknown";
    // The same machine after a reboot: nothing of before is alive.
    if (owner.boot !== this.#self.boot) return owner.host === this.#self.host ? "dead" : "unknown";
    if (owner.pids !== this.#self.pids || (owner.boot === "" && owner.host !== this.#self.host)) return "unknown";
    if (owner.start === "") return answersSignals(owner.pid) ? "alive" : "dead";
    return startTime(owner.pid) === owner.start ? "alive" : "dead";
  }

  describe(text: string): string {
    const owner = parseOwner(text);
    if (owner === undefined) return "an unknown process";
    const place = owner.host === this.#self.host ? "" : ` on ${owner.host}`;
    return owner.pid === this.#self.pid && place === "" ? "this process" : `process ${owner.pid}${place}`;
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Field 22 of proc_pid_stat(5), for a process that is neither gone nor a zombie. */
function startTime(pid: number): string | undefined {
  const stat = readOr(`/proc/${pid}/stat`);
  // The second field is the command's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  if (state === undefined || state === "" || state === "Z" || state === "X") return undefined;
  return fields[19];
}

function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

function readOr(path: string, otherwise = ""): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return otherwise;
  }
}
