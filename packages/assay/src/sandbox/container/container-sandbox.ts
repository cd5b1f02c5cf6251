import type { Isolation } from "@assay/sdk";
import { FaultError } from "#domain";
import type { Execution, ExecutionRequest, Sandbox, SandboxProbe, SandboxSession } from "#ports";
import { faultedExecution, faultedSession } from "../supervise/faulted.ts";
import { openSession, type Prepared, runToEnd } from "../supervise/start.ts";
import { startContainer } from "./container-launch.ts";
import { containerIsolation, probeContainers } from "./container-machine.ts";

/**
 * A fresh container for each command, for machines where bubblewrap may not make namespaces and an engine may: no network, a
 * read-only root, an unprivileged user without capabilities, memory and processes bounded by the engine. The disk of a workspace is
 * bounded for single files only, and CPU time for each process by itself.
 */
export class ContainerSandbox implements Sandbox {
  async probe(): Promise<SandboxProbe> {
    const probed = await probeContainers();
    if (probed.kind === "unavailable") return probed;
    return { kind: "available", isolation: containerIsolation(probed.machine), notes: containerNotes };
  }

  async execute(request: ExecutionRequest): Promise<Execution> {
    const prepared = await prepare(request);
    return prepared.kind === "ready"
      ? runToEnd(prepared.launch, request)
      : faultedExecution(prepared.message, noIsolation);
  }

  async open(request: ExecutionRequest): Promise<SandboxSession> {
    const prepared = await prepare(request);
    return prepared.kind === "ready"
      ? openSession(prepared.launch, request)
      : faultedSession(prepared.message, noIsolation);
  }
}

const containerNotes = [
  "containers: CPU time is bounded for each process, the disk of a workspace for each file",
  "containers: workspaces are copied",
];

async function prepare(
  request: ExecutionRequest,
): Promise<{ kind: "ready"; launch: Prepared } | { kind: "fault"; message: string }> {
  const probed = await probeContainers();
  if (probed.kind === "unavailable") return { kind: "fault", message: probed.fault.message };
  try {
    return { kind: "ready", launch: startContainer(probed.machine, request) };
  } catch (error) {
    if (error instanceof FaultError) return { kind: "fault", message: error.fault.message };
    return { kind: "fault", message: `the container could not be prepared: ${(error as Error).message}` };
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
