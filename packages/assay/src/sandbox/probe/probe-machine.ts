import type { Fault } from "@assay/sdk";
import { FaultError, fault, functionLimits } from "#domain";
import { type ExecutionRequest, unprivilegedUid } from "#ports";
import { type Controllers, findControllers, readCgroupTables } from "../cgroup/controller.ts";
import { groupParents, groupParentsName } from "../cgroup/leftover-groups.ts";
import { launch } from "../launch/bubblewrap-launch.ts";
import { LauncherPool } from "../launch/launcher-pool.ts";
import { minimalRootArguments } from "../launch/minimal-root.ts";
import type { Machine } from "../machine.ts";
import { RuntimeDirectory } from "../runtime-directory.ts";
import { seccompFilter } from "../seccomp/filter.ts";
import { runToEnd } from "../supervise/start.ts";
import { explainFailure, readKernelSettings } from "./explain-failure.ts";
import { findTools } from "./find-tools.ts";
import { type OverlayAbility, probeOverlay } from "./probe-overlay.ts";

export type MachineProbe =
  | { kind: "available"; machine: Machine; pool: LauncherPool; ability: OverlayAbility; notes: string[] }
  | { kind: "unavailable"; fault: Fault };

let probed: Promise<MachineProbe> | undefined;

/** Finds out, once per process, what this machine can do, by really running commands in a sandbox. Never rejects. */
export function probeMachine(): Promise<MachineProbe> {
  probed ??= probe().catch(
    (error: unknown): MachineProbe => ({
      kind: "unavailable",
      fault: error instanceof FaultError ? error.fault : fault("no-isolation", `the sandbox cannot be tried: ${error}`),
    }),
  );
  return probed;
}

async function probe(): Promise<MachineProbe> {
  const { arch, platform } = process;
  if (platform !== "linux") return unavailable(`there is no sandbox for ${platform}`, elsewhere);
  if (arch !== "x64" && arch !== "arm64") return unavailable(`there is no seccomp filter for ${arch}`, elsewhere);
  const uid = process.getuid?.() ?? 0;
  const asRoot = uid === 0;
  const tools = await findTools();
  if (tools.kind === "missing") return { kind: "unavailable", fault: tools.fault };

  const runtime = RuntimeDirectory.create();
  const sandboxUid = asRoot ? unprivilegedUid : uid;
  const sketch = {
    runtime,
    asRoot,
    sandboxUid,
    bubblewrapVersion: tools.bubblewrapVersion,
    rootArguments: minimalRootArguments(runtime, sandboxUid),
    seccompFile: runtime.write("seccomp.bpf", seccompFilter(arch)),
  };
  const controllers = findControllers(readCgroupTables());
  // Before the first group is made: what this process leaves when it is killed must be found by the next one.
  runtime.write(groupParentsName, groupParents(controllers));
  // Writable files are not yet permission to move processes; where that fails, the watchdog does.
  let machine = withControllers(sketch, controllers);
  let pool = new LauncherPool(machine);
  let failure = await tryTrue(machine, pool);
  if (failure !== undefined && (controllers.memory ?? controllers.processes) !== undefined) {
    machine = withControllers(sketch, { memory: undefined, processes: undefined });
    pool = new LauncherPool(machine);
    failure = await tryTrue(machine, pool);
  }
  if (failure !== undefined) return { kind: "unavailable", fault: explainFailure(failure, readKernelSettings()) };
  const ability = await probeOverlay(machine, pool);
  return { kind: "available", machine, pool, ability, notes: notesOf(machine, ability) };
}

function withControllers(
  sketch: Omit<Machine, "controllers" | "memory" | "processes">,
  controllers: Controllers,
): Machine {
  return {
    ...sketch,
    controllers,
    memory: controllers.memory?.version ?? "watchdog",
    // RLIMIT_NPROC is counted for each user namespace and uid; the real root's launcher has no user namespace of its own to count in.
    processes: controllers.processes?.version ?? (sketch.asRoot ? "watchdog" : "rlimit"),
  };
}

/** Why `true` cannot be run in a sandbox; `undefined` when it can. */
async function tryTrue(machine: Machine, pool: LauncherPool): Promise<string | undefined> {
  const request: ExecutionRequest = { argv: ["true"], cwd: "/", env: {}, mounts: [], limits: functionLimits };
  try {
    const { termination } = await runToEnd(launch(machine, pool, request), request);
    if (termination.kind === "exited" && termination.code === 0) return undefined;
    return termination.kind === "sandbox-fault" ? termination.message : JSON.stringify(termination);
  } catch (error) {
    return (error as Error).message;
  }
}

const elsewhere =
  "run Assay in a Linux container, on Windows in WSL2; on macOS in a Linux virtual machine or container";

function unavailable(message: string, remedy: string): MachineProbe {
  return { kind: "unavailable", fault: fault("no-isolation", message, remedy) };
}

function notesOf({ memory, processes }: Machine, ability: OverlayAbility): string[] {
  const notes: string[] = [];
  if (memory === "watchdog") notes.push("no memory cgroup may be used: memory is measured every 200 ms instead");
  if (processes === "rlimit") notes.push("no pids cgroup may be used: RLIMIT_NPROC bounds processes instead");
  if (processes === "watchdog") notes.push("no pids cgroup may be used: processes are counted every 200 ms instead");
  if (!ability.overlay) notes.push(`workspaces are copied: ${ability.reason}`);
  return notes;
}
