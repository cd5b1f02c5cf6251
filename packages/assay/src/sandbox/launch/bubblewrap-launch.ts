import type { Isolation, Termination } from "@assay/sdk";
import type { ExecutionRequest } from "#ports";
import type { Machine } from "../machine.ts";
import { diskGuards } from "../supervise/disk-guard.ts";
import { terminationOfCode } from "../supervise/exit-code.ts";
import type { Prepared } from "../supervise/start.ts";
import type { Exit } from "../supervise/supervise.ts";
import { watchdogGuards } from "../supervise/watchdog.ts";
import { helperProcesses } from "./launch-script.ts";
import type { LauncherPool } from "./launcher-pool.ts";
import { LauncherTree } from "./launcher-tree.ts";
import { prepareLaunch } from "./prepare-launch.ts";
import { isStarted, toldExitCode, toldWritten } from "./status.ts";

/** Takes a launcher and tells it to become the request's command. Throws when the host does not let it be prepared. */
export function launch(machine: Machine, pool: LauncherPool, request: ExecutionRequest): Prepared {
  const launcher = pool.take(request.limits.diskBytesMax);
  try {
    launcher.group.limit(request.limits, helperProcesses);
    launcher.proceed(prepareLaunch(machine, request, launcher.folder));
  } catch (error) {
    void launcher.release();
    throw error;
  }
  let status = "";
  let refill: NodeJS.Timeout | undefined;
  return {
    process: launcher.process,
    tree: new LauncherTree(launcher.process.child),
    isolation: isolationOf(machine, request.workspace),
    guards: [
      ...launcher.group.guards(),
      ...watchdogGuards(request.limits, watchedOn(machine)),
      ...diskGuards(request.workspace, request.limits),
    ],
    onStatus: (chunk) => {
      if (status.length < statusCharactersMax) status += chunk.toString("utf8");
      if (!isStarted(status)) return;
      refill ??= setTimeout(() => pool.refill(request.limits.diskBytesMax), refillDelayMs).unref();
    },
    launcherNoise: /unshare: sigprocmask unblock failed: Invalid argument\n$/,
    interpret: interpretExit,
    written: () => toldWritten(status),
    release: () => {
      clearTimeout(refill);
      pool.refill(request.limits.diskBytesMax);
      return launcher.release();
    },
  };
}

export function isolationOf(machine: Machine, workspace: ExecutionRequest["workspace"]): Isolation {
  return {
    kind: "bubblewrap",
    version: machine.bubblewrapVersion,
    uid: machine.sandboxUid,
    network: "none",
    seccomp: true,
    memory: machine.memory,
    processes: machine.processes,
    workspace: workspace?.method ?? "overlay",
  };
}

/** With RLIMIT_NPROC too: the kernel refuses the next process then, and only counting tells that it did. */
function watchedOn({ memory, processes }: Machine): ("cpu" | "memory" | "processes")[] {
  return [
    "cpu",
    ...(memory === "watchdog" ? (["memory"] as const) : []),
    ...(processes === "rlimit" || processes === "watchdog" ? (["processes"] as const) : []),
  ];
}

function interpretExit({ status, stderr, signal }: Exit): Termination {
  const exitCode = toldExitCode(status);
  if (exitCode !== undefined) return terminationOfCode(exitCode);
  const told = stderr.trim().slice(-messageCharactersMax);
  return { kind: "sandbox-fault", message: told !== "" ? told : `the sandbox ended early (${signal ?? "no message"})` };
}

/** Getting the next launcher ready must not slow down this one's start, nor wait for the end of a long command. */
const refillDelayMs = 20;

/** Room for every watched path of a large project. */
const statusCharactersMax = 16 * 1024 * 1024;

const messageCharactersMax = 2_000;
