import { fileURLToPath } from "node:url";
import type { ExecutionRequest, FunctionCheckLimits, ReadOnlyMount } from "#ports";
import type { SystemPython } from "../detect/python/system-python.ts";
import type { RelayedSides } from "./relay-oracle.ts";

const assets: ReadOnlyMount = {
  source: fileURLToPath(new URL("./python/assets/", import.meta.url)),
  target: "/assay/function",
};
const mebibyte = 1024 * 1024;
/** Address space of the interpreter itself, as far as that of the candidate's limit goes. */
const pythonMemoryBytes = 64 * mebibyte;

/** Two interpreters in a sandbox each, for machines where namespaces cannot be made inside one. */
export function pythonSides(python: SystemPython): RelayedSides {
  const request = (limits: FunctionCheckLimits, side: readonly string[]): ExecutionRequest => ({
    argv: [python.path, "-I", "-S", "-B", "-u", "-c", startScript, ...side],
    cwd: "/tmp",
    env: { LANG: "C.UTF-8", PYTHONHASHSEED: "0" },
    mounts: [...python.mounts, assets],
    limits: {
      wallMsMax: 24 * 3600_000,
      cpuSecondsMax: Math.ceil(limits.cpuMsMax / 1000),
      memoryBytesMax: limits.memoryBytesMax + pythonMemoryBytes,
      processesMax: limits.processesMax,
      fileBytesMax: 16 * mebibyte,
      diskBytesMax: 16 * mebibyte,
      outputBytesMax: 16 * mebibyte,
    },
  });
  return {
    examiner: (limits) =>
      request({ ...limits, memoryBytesMax: 512 * mebibyte, cpuMsMax: limits.wallMsMax }, ["examiner"]),
    candidate: (limits) => request(limits, ["candidate", String(limits.memoryBytesMax + pythonMemoryBytes)]),
  };
}

const startScript = `import runpy, sys; sys.path.insert(0, "${assets.target}"); runpy.run_module("relayed", run_name="__main__")`;
