import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import type { Isolation, Termination } from "@assay/sdk";
import type { Execution, ExecutionRequest, Sandbox, SandboxProbe, SandboxSession } from "#ports";
import { diskGuards } from "../supervise/disk-guard.ts";
import { terminationOfSignal } from "../supervise/exit-code.ts";
import { faultedExecution, faultedSession } from "../supervise/faulted.ts";
import { openSession, type Prepared, runToEnd } from "../supervise/start.ts";
import { startProcess } from "../supervise/start-process.ts";
import type { Exit } from "../supervise/supervise.ts";
import { watchdogGuards } from "../supervise/watchdog.ts";
import { MarkedTree, markName } from "./marked-tree.ts";

/**
 * No boundary at all: the command has this user's rights, files and network. Only for `--unsafe-no-sandbox`.
 * Still bounded in time, memory, CPU, processes and output, as far as looking at /proc bounds anything; not in disk.
 */
export class UnsafeHostSandbox implements Sandbox {
  async probe(): Promise<SandboxProbe> {
    return {
      kind: "available",
      isolation: unsafeIsolation("copy"),
      notes: ["no isolation: the project's code runs with all rights of this user"],
    };
  }

  async execute(request: ExecutionRequest): Promise<Execution> {
    const prepared = prepare(request);
    return typeof prepared === "string"
      ? faultedExecution(prepared, unsafeIsolation("copy"))
      : runToEnd(prepared, request);
  }

  async open(request: ExecutionRequest): Promise<SandboxSession> {
    const prepared = prepare(request);
    return typeof prepared === "string"
      ? faultedSession(prepared, unsafeIsolation("copy"))
      : openSession(prepared, request);
  }
}

/** The launch, or why there is none. */
function prepare(request: ExecutionRequest): Prepared | string {
  const { argv, workspace, mounts, env, cwd } = request;
  if (workspace?.method === "overlay") return "an overlay cannot be mounted without a sandbox";
  const moved = mounts.find(({ source, target }) => target !== undefined && target !== source);
  if (moved !== undefined) return `${moved.source} cannot appear as ${moved.target} without a sandbox`;
  // The copy stands for the target: what names a path below the target means the file in the copy.
  const here = (text: string) =>
    workspace === undefined ? text : text.replaceAll(workspace.target, workspace.directory);
  const directory = here(cwd);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return `no such folder: ${directory}`;
  const mark = randomUUID();
  const [file, ...args] = argv.map(here) as [string, ...string[]];
  const translated = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, here(value)]));
  const started = startProcess({ file, args, env: { HOME: "/tmp", ...translated, [markName]: mark }, cwd: directory });
  return {
    process: started,
    isolation: unsafeIsolation(workspace?.method ?? "copy"),
    guards: [
      ...watchdogGuards(request.limits, ["cpu", "memory", "processes"]),
      ...diskGuards(workspace, request.limits),
    ],
    tree: new MarkedTree(started.child, mark),
    onStatus: () => undefined,
    interpret: interpretExit,
    written: () => [],
    release: async () => undefined,
  };
}

function interpretExit({ code, signal }: Exit): Termination {
  return code === null ? terminationOfSignal(signal ?? "SIGKILL") : { kind: "exited", code };
}

function unsafeIsolation(workspace: Isolation["workspace"]): Isolation {
  const watched = process.platform === "linux" ? "watchdog" : "none";
  return {
    kind: "none",
    uid: process.getuid?.() ?? 0,
    network: "host",
    seccomp: false,
    memory: watched,
    processes: watched,
    workspace,
  };
}
