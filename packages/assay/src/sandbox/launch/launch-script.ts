import type { Limits } from "#domain";
import { shellQuote } from "./shell-quote.ts";

export type Staging = {
  /** Holds the links `0`, `1`, … to the layers, the folder `disk` and empty mount points. */
  folder: string;
  /** Number of layers of the overlay; none: no workspace is mounted here. */
  layers: number;
  /** Checked project-relative paths that must not be seen. */
  removed: readonly string[];
  /** Host paths the sandbox's uid could not reach, each with the mount point made for it, relative to `folder`. */
  binds: readonly { source: string; point: string }[];
};

export type LaunchScript = {
  limits: Limits;
  /** cgroup.procs files to join. */
  cgroups: readonly string[];
  staging: Staging | undefined;
  /** The uid to become, when started by root; else the overlay needs the marks an ordinary user may set. */
  becomeUid: number | undefined;
  /** Whether RLIMIT_NPROC is what bounds the number of processes. */
  limitProcesses: boolean;
  seccompFile: string;
};

/** The descriptors that bubblewrap is given: 0–3 are the command's, the others end before it starts. */
export const statusDescriptor = 4;
export const seccompDescriptor = 5;

/**
 * A POSIX shell script that does what takes rights bubblewrap must not have, then becomes `bwrap` with the script's own
 * arguments. It runs in a mount namespace of its own: what it mounts vanishes with the sandbox's last process. Every
 * program it starts costs about a millisecond, so it starts none that is not needed.
 */
export function launchScript(script: LaunchScript): string {
  const { limits, staging, becomeUid } = script;
  const become =
    becomeUid === undefined ? "" : `setpriv --reuid ${becomeUid} --regid ${becomeUid} --clear-groups --no-new-privs `;
  return [
    "set -eu",
    ...script.cgroups.map((procs) => `echo $$ >${shellQuote(procs)}`),
    "ulimit -c 0",
    // POSIX counts blocks of 512 bytes.
    `ulimit -f ${Math.ceil(limits.fileBytesMax / 512)}`,
    // A second between SIGXCPU, which tells the cause, and SIGKILL.
    `ulimit -S -t ${Math.ceil(limits.cpuSecondsMax)}`,
    `ulimit -H -t ${Math.ceil(limits.cpuSecondsMax) + 1}`,
    // dash and busybox say -p, bash says -u.
    ...(script.limitProcesses
      ? [`ulimit -p ${limits.processesMax} 2>/dev/null || ulimit -u ${limits.processesMax}`]
      : []),
    ...(staging === undefined ? [] : stage(staging, limits, becomeUid)),
    `exec ${become}bwrap "$@" ${seccompDescriptor}<${shellQuote(script.seccompFile)}`,
  ].join("\n");
}

function stage(staging: Staging, limits: Limits, becomeUid: number | undefined): string[] {
  const owner = becomeUid === undefined ? "" : `-o ${becomeUid} -g ${becomeUid} `;
  const lines = [`cd ${shellQuote(staging.folder)}`];
  for (const { source, point } of staging.binds) lines.push(`mount -n --rbind ${shellQuote(source)} ${point}`);
  if (staging.layers === 0) return lines;
  const layers = Array.from({ length: staging.layers }, (_, index) => index).join(":");
  // The marks that make an opaque folder: trusted.* needs the real root, user.* does not.
  const marks = becomeUid === undefined ? ",userxattr" : "";
  lines.push(
    `mount -n -t tmpfs -o size=${limits.diskBytesMax},mode=755 assay disk`,
    `install -d ${owner}disk/upper disk/work disk/merged disk/tmp`,
    `mount -n -t overlay -o lowerdir=${layers},upperdir=disk/upper,workdir=disk/work${marks} assay disk/merged`,
  );
  if (staging.removed.length > 0) {
    const paths = staging.removed.map((path) => shellQuote(`disk/merged/${path}`)).join(" ");
    // Not with root's rights, though the paths were checked not to lead through links.
    const become = becomeUid === undefined ? "" : `setpriv --reuid ${becomeUid} --regid ${becomeUid} --clear-groups `;
    lines.push(`${become}rm -rf -- ${paths}`);
  }
  return lines;
}
