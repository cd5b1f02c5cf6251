import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionRequest } from "#ports";
import type { ContainerEngine } from "./container-engine.ts";

export type ContainerPlan = {
  engine: ContainerEngine;
  image: string;
  /** Unique on this machine. */
  name: string;
  /** Marks containers of this process, so that the next one finds what a killed one left. */
  owner: string;
  /** The uid and gid of the command. */
  uid: number;
  /** A folder with an /etc of our own. */
  etc: string;
  /** A named pipe that becomes the command's descriptor 3. */
  channel: string;
  seccompProfile: string;
};

/** Label that carries the owner. */
export const ownerLabel = "assay.owner";
const channelTarget = "/assay/channel";

/** All of `podman run` for a request; the same for the same input. What Docker does not know is not used. */
export function containerArguments(plan: ContainerPlan, request: ExecutionRequest): string[] {
  const { engine, uid } = plan;
  const { limits, workspace, cwd, env, argv } = request;
  const mounts = request.mounts.flatMap(({ source, target }) => bind(source, target ?? source, true));
  const files =
    workspace === undefined || workspace.method === "overlay" ? [] : bind(workspace.directory, workspace.target, false);
  const memory = String(limits.memoryBytesMax);
  return [
    ...engine.globalArguments,
    ...["run", "--interactive", "--name", plan.name, "--label", `${ownerLabel}=${plan.owner}`],
    ...["--network", "none", "--read-only", "--user", `${uid}:${uid}`, "--hostname", "assay"],
    // An ordinary user's own uid is kept inside, so that what the command may read is what that user may.
    ...(engine.rootless ? ["--userns", "keep-id"] : []),
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
    ...["--security-opt", `seccomp=${plan.seccompProfile}`],
    ...["--memory", memory, "--memory-swap", memory, "--pids-limit", String(limits.processesMax)],
    ...["--ulimit", "core=0:0", "--ulimit", "nofile=1024:1024", "--ulimit", `fsize=${limits.fileBytesMax}`],
    ...["--ulimit", `nproc=${processesPerUser}:${processesPerUser}`],
    ...["--ulimit", `cpu=${Math.ceil(limits.cpuSecondsMax)}:${Math.ceil(limits.cpuSecondsMax) + 1}`],
    ...["--tmpfs", `/tmp:rw,nosuid,nodev,mode=1777,size=${limits.diskBytesMax}`],
    ...["--shm-size", String(Math.min(sharedMemoryBytesMax, limits.diskBytesMax))],
    ...bind("/usr", "/usr", true),
    ...unlinkedFolders().flatMap((folder) => bind(folder, folder, true)),
    ...bind(plan.etc, "/etc", true),
    ...foldersIn(plan.etc).flatMap((name) => bind(join("/etc", name), join("/etc", name), true)),
    ...mounts,
    ...files,
    ...bind(plan.channel, channelTarget, false),
    ...["--workdir", "/", "--entrypoint", "/bin/sh", plan.image],
    // An engine has variables of its own to set; the command gets none of them.
    ...[
      "-c",
      startScript,
      "sh",
      cwd,
      ...Object.entries({ HOME: "/tmp", ...env }).map(([key, value]) => `${key}=${value}`),
    ],
    ...argv,
  ];
}

/** Small: shared memory is memory, and it is not part of the disk. */
const sharedMemoryBytesMax = 64 * 1024 * 1024;
/** Counted for the uid on the whole host: `--pids-limit` is what bounds this container. */
const processesPerUser = 4096;

/**
 * The shell stays, for the first process of a pid namespace ignores the signals that should end it. What it would say about a
 * command that a signal ended is its own.
 */
const startScript = [
  `exec 3>${channelTarget} 4>&2 2>/dev/null`,
  'cd -- "$1" 2>&4 || exit 126; shift',
  'env -i "$@" 2>&4 4>&-; code=$?; killed=0; refused=0',
  // By builtins only: there may be no process left to start one in.
  "for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do",
  'if [ -r "$file" ]; then while read -r key count; do [ "$key" != oom_kill ] || killed=$count; done <"$file"; fi; done',
  "for file in /sys/fs/cgroup/pids.events /sys/fs/cgroup/pids/pids.events; do",
  'if [ -r "$file" ]; then while read -r key count; do [ "$key" != max ] || refused=$count; done <"$file"; fi; done',
  'echo "assay: killed $killed, refused $refused" >&4; exit $code',
].join("\n");

/** The line that the script ends with: how often the kernel ended something for its memory, and refused a process. */
export const limitsLine = /assay: killed (\d+), refused (\d+)\n$/;

function bind(source: string, target: string, readOnly: boolean): string[] {
  const fields = ["type=bind", `source=${source}`, `target=${target}`, ...(readOnly ? ["readonly"] : [])];
  return ["--mount", fields.map(csvField).join(",")];
}

/** The option is a line of comma-separated values: what holds a comma or a quote is quoted. */
function csvField(field: string): string {
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** Where /usr is not merged, /bin and the like are folders of their own. */
function unlinkedFolders(): string[] {
  return ["/bin", "/sbin", "/lib", "/lib64"].filter((path) =>
    lstatSync(path, { throwIfNoEntry: false })?.isDirectory(),
  );
}

/** Where there is an empty folder in our /etc, this machine's is seen. */
function foldersIn(etc: string): string[] {
  return readdirSync(etc).filter((name) => lstatSync(join(etc, name)).isDirectory());
}
