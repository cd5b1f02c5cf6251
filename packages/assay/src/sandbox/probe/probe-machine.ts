import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Fault } from "@assay/sdk";
import { fault, functionLimits } from "#domain";
import { unprivilegedUid } from "#ports";
import { prepare } from "../bubblewrap-sandbox.ts";
import { minimalRootArguments } from "../launch/minimal-root.ts";
import type { Machine } from "../machine.ts";
import { RuntimeDirectory } from "../runtime-directory.ts";
import { seccompFilter } from "../seccomp/filter.ts";
import { runToEnd } from "../supervise/start.ts";

export type MachineProbe =
  | { kind: "available"; machine: Machine; notes: string[] }
  | { kind: "unavailable"; fault: Fault };

/** Finds out what this machine can do by really running a command in a sandbox. */
export async function probeMachine(): Promise<MachineProbe> {
  const architecture = process.arch;
  if (process.platform !== "linux" || (architecture !== "x64" && architecture !== "arm64")) {
    return {
      kind: "unavailable",
      fault: fault("no-isolation", `no sandbox for ${process.platform} on ${architecture}`),
    };
  }
  let version: string;
  try {
    const { stdout } = await promisify(execFile)("bwrap", ["--version"]);
    version = stdout.trim().replace("bubblewrap ", "");
  } catch (error) {
    return {
      kind: "unavailable",
      fault: fault("tool-missing", `bubblewrap cannot be run: ${(error as Error).message}`),
    };
  }
  const asRoot = process.getuid?.() === 0;
  const sandboxUid = asRoot ? unprivilegedUid : (process.getuid?.() ?? unprivilegedUid);
  const runtime = RuntimeDirectory.create();
  const machine: Machine = {
    runtime,
    asRoot,
    sandboxUid,
    bubblewrapVersion: version,
    rootArguments: minimalRootArguments(runtime, sandboxUid),
    seccompFile: runtime.write("seccomp.bpf", seccompFilter(architecture)),
    memory: "watchdog",
    processes: "rlimit",
  };
  const request = { argv: ["true"] as [string], cwd: "/", env: {}, mounts: [], limits: functionLimits };
  const { termination } = await runToEnd(prepare(machine, request), request);
  if (termination.kind === "exited" && termination.code === 0) return { kind: "available", machine, notes: [] };
  return {
    kind: "unavailable",
    fault: fault("no-isolation", `bubblewrap does not work here: ${JSON.stringify(termination)}`),
  };
}
