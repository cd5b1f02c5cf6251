import { inodesMax, type Limits } from "#domain";
import { shellQuote } from "./shell-quote.ts";
import { writtenPrefix } from "./status.ts";

/** The descriptors that bubblewrap is given: 0–3 are the command's, the others end before it starts. */
export const statusDescriptor = 4;
export const controlDescriptor = 5;
export const seccompDescriptor = 5;
const argumentsDescriptor = 6;

/** The launcher's shell, bubblewrap, and the first process of bubblewrap's own pid namespace. */
export const helperProcesses = 3;

/** Where a launcher finds the second half of its work, in its own folder. */
export const continuationName = "go";
/** Watched paths and the folders above them, a line each. */
export const watchedName = "watched";
export const foldersName = "folders";
/** Bubblewrap's options, each ended by a NUL: on its command line the sandboxed code would read them. */
export const argumentsName = "arguments";

export type Prelude = {
  /** The launcher's own folder. */
  folder: string;
  /** cgroup.procs files to join. */
  joins: readonly string[];
  diskBytesMax: number;
  /** The uid that sandboxed code will have, when started by root. */
  becomeUid: number | undefined;
};

/**
 * The first half of a launch: whatever does not depend on the command, so that it can be done before there is one. A POSIX
 * shell script, the first process of a pid namespace and in a mount namespace of its own: when it ends, the kernel ends all
 * that it started, and what it mounted vanishes with them.
 */
export function preludeScript({ folder, joins, diskBytesMax, becomeUid }: Prelude): string {
  const owner = becomeUid === undefined ? "" : `-o ${becomeUid} -g ${becomeUid} `;
  return [
    "set -eu",
    ...joins.map((procs) => `echo 0 >${shellQuote(procs)}`),
    // Bubblewrap looks itself up by the pids of this namespace.
    "mount -n -t proc proc /proc",
    `cd ${shellQuote(folder)}`,
    `mount -n -t tmpfs -o size=${diskBytesMax},nr_inodes=${inodesMax(diskBytesMax)},mode=755 assay disk`,
    `install -d ${owner}disk/upper disk/work disk/merged disk/tmp disk/shm`,
    `read -r _ <&${controlDescriptor}`,
    // An Assay that was killed before the kernel was told to end its children with it has closed this: writing ends the shell.
    `echo >&${statusDescriptor}`,
    `. ./${continuationName}`,
  ].join("\n");
}

export type Continuation = {
  limits: Limits;
  /** Number of layers of the overlay, linked as `0`, `1`, … in the folder; none: no workspace is mounted here. */
  layers: number;
  /** Checked project-relative paths that must not be seen. */
  removed: readonly string[];
  /** Host paths the sandbox's uid could not reach, each with the mount point made for it, relative to the folder. */
  binds: readonly { source: string; point: string }[];
  becomeUid: number | undefined;
  /** Whether RLIMIT_NPROC is what bounds the number of processes. */
  limitProcesses: boolean;
  /** `undefined`: the command sets a filter itself. */
  seccompFile: string | undefined;
  argv: readonly string[];
};

/**
 * The second half: mounts the workspace, sets limits and runs `bwrap`. Every program it starts costs about a millisecond, so it
 * starts none that is not needed. The shell stays: becoming another user would take back that it dies with Assay.
 */
export function continuationScript(go: Continuation): string {
  const { limits, becomeUid } = go;
  const become =
    becomeUid === undefined ? "" : `setpriv --reuid ${becomeUid} --regid ${becomeUid} --clear-groups --no-new-privs `;
  const lines = go.binds.map(({ source, point }) => `mount -n --rbind ${shellQuote(source)} ${point}`);
  if (go.layers > 0) {
    const layers = Array.from({ length: go.layers }, (_, index) => index).join(":");
    // The marks that make an opaque folder: trusted.* needs the real root, user.* does not.
    const marks = becomeUid === undefined ? ",userxattr" : "";
    lines.push(
      `mount -n -t overlay -o lowerdir=${layers},upperdir=disk/upper,workdir=disk/work${marks} assay disk/merged`,
    );
  }
  if (go.removed.length > 0) {
    // Not with root's rights, though the paths were checked not to lead through links.
    lines.push(`${become}rm -rf -- ${go.removed.map((path) => shellQuote(`disk/merged/${path}`)).join(" ")}`);
  }
  lines.push(
    "ulimit -c 0",
    // POSIX counts blocks of 512 bytes.
    `ulimit -f ${Math.ceil(limits.fileBytesMax / 512)}`,
    // A second between SIGXCPU, which tells the cause, and SIGKILL.
    `ulimit -S -t ${Math.ceil(limits.cpuSecondsMax)}`,
    `ulimit -H -t ${Math.ceil(limits.cpuSecondsMax) + 1}`,
    ...(go.limitProcesses ? [limitProcesses(limits.processesMax)] : []),
    `code=0; ${become}bwrap --args ${argumentsDescriptor} -- ${go.argv.map(shellQuote).join(" ")} ` +
      `${seccompInput(go.seccompFile)} ${argumentsDescriptor}<${argumentsName} || code=$?`,
    ...(go.layers > 0 ? [reportWritten] : []),
    "exit $code",
  );
  return `${lines.join("\n")}\n`;
}

/** The descriptor is the launcher's control channel until then: closed, or the command would inherit it. */
function seccompInput(file: string | undefined): string {
  return file === undefined ? `${seccompDescriptor}<&-` : `${seccompDescriptor}<${shellQuote(file)}`;
}

/**
 * What a command wrote lies in the overlay's upper layer, a removed file as a device, whatever it did to hide it. Of a folder that
 * was removed with all that it held only the folder tells: its files are in neither.
 */
const reportWritten = [
  "while IFS= read -r path; do",
  `if [ -e "disk/upper/$path" ] || [ -L "disk/upper/$path" ] || ! { [ -e "disk/merged/$path" ] || [ -L "disk/merged/$path" ]; }; then printf '${writtenPrefix}%s\\n' "$path"; fi`,
  `done <${watchedName} >&${statusDescriptor}`,
  "while IFS= read -r path; do",
  `if [ -L "disk/upper/$path" ]; then printf '${writtenPrefix}%s/\\n' "$path"; fi`,
  `done <${foldersName} >&${statusDescriptor}`,
].join("\n");

/**
 * RLIMIT_NPROC counts threads in the user namespace that unshare made; room for the helpers, for unshare itself, and for one too
 * many, which shows that the limit was reached. dash and busybox say -p, bash says -u.
 */
function limitProcesses(processesMax: number): string {
  const max = processesMax + helperProcesses + 2;
  return `ulimit -p ${max} 2>/dev/null || ulimit -u ${max}`;
}
