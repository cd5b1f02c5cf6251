import type { Isolation, Termination } from "@assay/sdk";
import { FaultError } from "#domain";
import type { Execution, ExecutionRequest, Sandbox, SandboxProbe, SandboxSession } from "#ports";
import { ExecutionGroup } from "./cgroup/execution-group.ts";
import { BubblewrapTree } from "./launch/bubblewrap-tree.ts";
import { type Launch, prepareLaunch } from "./launch/prepare-launch.ts";
import { parseStatus } from "./launch/status.ts";
import type { Machine } from "./machine.ts";
import { probeMachine } from "./probe/probe-machine.ts";
import { terminationOfCode } from "./supervise/exit-code.ts";
import { faultedExecution, faultedSession } from "./supervise/faulted.ts";
import { openSession, type Prepared, runToEnd } from "./supervise/start.ts";
import type { Exit } from "./supervise/supervise.ts";
import { watchdogGuards } from "./supervise/watchdog.ts";

/** Commands in namespaces of their own, made by bubblewrap as an unprivileged user. */
export class BubblewrapSandbox implements Sandbox {
  async probe(): Promise<SandboxProbe> {
    const probed = await probeMachine();
    if (probed.kind === "unavailable") return probed;
    return { kind: "available", isolation: isolationOf(probed.machine, undefined), notes: probed.notes };
  }

  async execute(request: ExecutionRequest): Promise<Execution> {
    const prepared = await this.#prepare(request);
    return prepared.kind === "ready"
      ? runToEnd(prepared.launch, request)
      : faultedExecution(prepared.message, noIsolation);
  }

  async open(request: ExecutionRequest): Promise<SandboxSession> {
    const prepared = await this.#prepare(request);
    return prepared.kind === "ready"
      ? openSession(prepared.launch, request)
      : faultedSession(prepared.message, noIsolation);
  }

  async #prepare(
    request: ExecutionRequest,
  ): Promise<{ kind: "ready"; launch: Prepared } | { kind: "fault"; message: string }> {
    const probed = await probeMachine();
    if (probed.kind === "unavailable") return { kind: "fault", message: probed.fault.message };
    try {
      return { kind: "ready", launch: prepare(probed.machine, request) };
    } catch (error) {
      if (error instanceof FaultError) return { kind: "fault", message: error.fault.message };
      return { kind: "fault", message: `the sandbox could not be prepared: ${(error as Error).message}` };
    }
  }
}

/** A launch on a machine that was probed; also what the probe itself runs. Throws when the host does not let it be prepared. */
export function prepare(machine: Machine, request: ExecutionRequest): Prepared {
  const group = new ExecutionGroup(machine.controllers);
  let launch: Launch;
  try {
    group.limit(request.limits);
    launch = prepareLaunch(machine, request, group.joins);
  } catch (error) {
    void group.remove();
    throw error;
  }
  let tree: BubblewrapTree | undefined;
  let statusText = "";
  return {
    command: launch.command,
    isolation: isolationOf(machine, request.workspace),
    guards: [...group.guards(), ...watchdogGuards(request.limits, watchedOn(machine))],
    treeOf: (child) => {
      tree = new BubblewrapTree(child);
      return tree;
    },
    onStatus: (chunk) => {
      statusText += chunk.toString("utf8");
      const { firstProcess } = parseStatus(statusText);
      if (firstProcess !== undefined) tree?.firstProcessIs(firstProcess);
    },
    interpret: interpretExit,
    release: async () => {
      launch.release();
      await group.remove();
    },
  };
}

/** Without a pids cgroup there is RLIMIT_NPROC, but not as the real root, for whom counting has to do. */
function watchedOn({ memory, processes }: Machine): ("cpu" | "memory" | "processes")[] {
  return [
    "cpu",
    ...(memory === "watchdog" ? (["memory"] as const) : []),
    ...(processes === "rlimit" ? (["processes"] as const) : []),
  ];
}

function interpretExit({ status, stderr, signal }: Exit): Termination {
  const { exitCode } = parseStatus(status);
  if (exitCode !== undefined) return terminationOfCode(exitCode);
  const told = stderr.trim().slice(-messageCharactersMax);
  return { kind: "sandbox-fault", message: told !== "" ? told : `the sandbox ended early (${signal ?? "no message"})` };
}

const messageCharactersMax = 2_000;

function isolationOf(machine: Machine, workspace: ExecutionRequest["workspace"]): Isolation {
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

/** Stated for what never ran. */
const noIsolation: Isolation = {
  kind: "none",
  uid: process.getuid?.() ?? 0,
  network: "none",
  seccomp: false,
  memory: "none",
  processes: "none",
  workspace: "copy",
};
