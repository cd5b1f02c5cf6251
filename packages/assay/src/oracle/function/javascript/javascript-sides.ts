import { fileURLToPath } from "node:url";
import type { Limits } from "#domain";
import type { ExecutionRequest, FunctionCheckLimits, ReadOnlyMount } from "#ports";
import { nodeInterpreter } from "../../detect/javascript/interpreter.ts";
import type { RelayedSides } from "../relay-oracle.ts";

const assets: ReadOnlyMount = {
  source: fileURLToPath(new URL("./assets/", import.meta.url)),
  target: "/opt/assay/function",
};
const mebibyte = 1024 * 1024;
/** Of Node itself, before it runs anything. */
const nodeMemoryBytes = 96 * mebibyte;
const nodeThreads = 12;
const nodeCpuSeconds = 1;

/** Two Node processes; a spare lives until it is used, and one check's time is on the relay's clock. */
export async function javascriptSides(): Promise<RelayedSides> {
  const { path, mounts } = await nodeInterpreter();
  const request = (name: string, limits: FunctionCheckLimits): ExecutionRequest => ({
    argv: [
      path,
      "--no-addons",
      "--no-warnings",
      "--v8-pool-size=1",
      `--max-old-space-size=${Math.max(32, Math.floor(limits.memoryBytesMax / mebibyte))}`,
      `${assets.target}/${name}.mjs`,
    ],
    cwd: "/tmp",
    env: { LANG: "C.UTF-8", PATH: "/usr/bin:/bin", UV_THREADPOOL_SIZE: "1" },
    mounts: [...mounts, assets],
    limits: sandboxLimits(limits),
  });
  return {
    examiner: (limits) =>
      request("examiner", { ...limits, memoryBytesMax: 512 * mebibyte, cpuMsMax: limits.wallMsMax }),
    candidate: (limits) => request("candidate", limits),
  };
}

function sandboxLimits({ cpuMsMax, memoryBytesMax, processesMax }: FunctionCheckLimits): Limits {
  return {
    wallMsMax: 24 * 3600_000,
    cpuSecondsMax: Math.ceil(cpuMsMax / 1000) + nodeCpuSeconds,
    memoryBytesMax: memoryBytesMax + nodeMemoryBytes,
    processesMax: processesMax + nodeThreads,
    fileBytesMax: 16 * mebibyte,
    diskBytesMax: 16 * mebibyte,
    outputBytesMax: 16 * mebibyte,
  };
}
