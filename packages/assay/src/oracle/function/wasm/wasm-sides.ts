import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExecutionRequest, FunctionCheckLimits, FunctionLanguage, ReadOnlyMount } from "#ports";
import { nodeInterpreter } from "../../detect/javascript/interpreter.ts";
import type { RelayedSides } from "../relay-oracle.ts";

const mebibyte = 1024 * 1024;
/** Of Node and of the interpreter in it: Pyodide needs most. */
const hostMemoryBytes = { python: 1024 * mebibyte, javascript: 256 * mebibyte };
const hostCpuSeconds = { python: 30, javascript: 2 };
/** V8's own threads, and what compiles WebAssembly. */
const threads = 16;

const packages = {
  python: ["pyodide"],
  javascript: ["quickjs-emscripten-core", "@jitl/quickjs-ng-wasmfile-release-sync", "@jitl/quickjs-ffi-types"],
};
const scripts = { python: "pyodide-candidate.mjs", javascript: "quickjs-candidate.mjs" };

/**
 * The candidate in WebAssembly, in a Node process that may read its own files and nothing else; the examiner as it is elsewhere. For pure
 * snippets: QuickJS has no handles, Pyodide takes seconds to start. Node's permissions and WebAssembly slow an attacker down; what
 * isolates is the sandbox around them, where there is one.
 */
export async function wasmSides(language: FunctionLanguage, examiner: RelayedSides["examiner"]): Promise<RelayedSides> {
  const { path, mounts } = await nodeInterpreter();
  const folders = [folderOf("./assets/"), folderOf("../python/assets/"), ...packages[language].map(packageFolder)];
  // At their own places: the scripts find the packages as they do here.
  const readable: ReadOnlyMount[] = folders.map((source) => ({ source }));
  return {
    // Without a sandbox nothing can be mounted at another place.
    examiner: (limits) => inPlace(examiner(limits)),
    candidate: (limits: FunctionCheckLimits): ExecutionRequest => ({
      argv: [
        path,
        "--permission",
        ...folders.map((folder) => `--allow-fs-read=${folder}`),
        "--no-warnings",
        `${folders[0]}/${scripts[language]}`,
        String(limits.memoryBytesMax),
      ],
      cwd: "/tmp",
      env: { LANG: "C.UTF-8" },
      mounts: [...mounts, ...readable],
      limits: {
        wallMsMax: 24 * 3600_000,
        cpuSecondsMax: Math.ceil(limits.cpuMsMax / 1000) + hostCpuSeconds[language],
        memoryBytesMax: limits.memoryBytesMax + hostMemoryBytes[language],
        processesMax: limits.processesMax + threads,
        fileBytesMax: 16 * mebibyte,
        diskBytesMax: 16 * mebibyte,
        outputBytesMax: 16 * mebibyte,
      },
    }),
    isolation: (around) => ({ ...around, kind: around.kind === "none" ? "wasm" : around.kind }),
  };
}

/** The same command with every mount at its source. */
function inPlace(request: ExecutionRequest): ExecutionRequest {
  const moved = request.mounts.filter(({ source, target }) => target !== undefined && target !== source);
  const here = (text: string) =>
    moved.reduce((told, { source, target }) => told.replaceAll(`${target}`, source.replace(/\/$/, "")), text);
  const [program, ...args] = request.argv;
  return {
    ...request,
    argv: [here(program), ...args.map(here)],
    mounts: request.mounts.map(({ source }) => ({ source })),
  };
}

function folderOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url)).replace(/\/$/, "");
}

const require = createRequire(import.meta.url);

/** Where a package lies; asked for a file that it exports, since its manifest often is not. */
function packageFolder(name: string): string {
  const entry = require.resolve(name);
  const end = entry.lastIndexOf(`/node_modules/${name}/`);
  return end === -1 ? dirname(entry) : entry.slice(0, end + `/node_modules/${name}`.length);
}
