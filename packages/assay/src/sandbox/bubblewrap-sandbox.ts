import type { Isolation } from "@assay/sdk";
import { FaultError } from "#domain";
import type { Execution, ExecutionRequest, Sandbox, SandboxProbe, SandboxSession } from "#ports";
import { isolationOf, launch } from "./launch/bubblewrap-launch.ts";
import { probeMachine } from "./probe/probe-machine.ts";
import { faultedExecution, faultedSession } from "./supervise/faulted.ts";
import { openSession, type Prepared, runToEnd } from "./supervise/start.ts";

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
      return { kind: "ready", launch: launch(probed.machine, probed.pool, request) };
    } catch (error) {
      if (error instanceof FaultError) return { kind: "fault", message: error.fault.message };
      return { kind: "fault", message: `the sandbox could not be prepared: ${(error as Error).message}` };
    }
  }
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
