import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { raise } from "#domain";
import type { ExecutionRequest } from "#ports";
import type { Machine } from "../machine.ts";
import type { Command } from "../supervise/supervise.ts";
import { type BoundPath, bubblewrapArguments } from "./bubblewrap-arguments.ts";
import { launchScript, type Staging } from "./launch-script.ts";
import { systemPath } from "./system-path.ts";
import { isUnreachable, linkOnTheWay } from "./unreachable.ts";

export type Launch = { command: Command; release(): void };

/** Lays out a launch on the host and gives its command line. Throws a `FaultError` for a request that must not be carried out. */
export function prepareLaunch(machine: Machine, request: ExecutionRequest, cgroups: readonly string[]): Launch {
  const { runtime, asRoot, sandboxUid } = machine;
  const { workspace } = request;
  checkRequest(request);
  const layers = workspace?.method === "overlay" ? workspace.layers : [];
  const sources = request.mounts.map(({ source, target }) => ({ source, target: target ?? source, writable: false }));
  if (workspace !== undefined && workspace.method !== "overlay") {
    sources.push({ source: workspace.directory, target: workspace.target, writable: true });
  }
  const needsStage = layers.length > 0 || (asRoot && sources.some(({ source }) => isUnreachable(source)));
  const folder = needsStage ? runtime.launchFolder() : undefined;
  const binds: { source: string; point: string }[] = [];
  const bound: BoundPath[] = sources.map((path, index) => {
    if (folder === undefined || !asRoot || !isUnreachable(path.source)) return path;
    const point = `bind-${index}`;
    if (statSync(path.source).isDirectory()) mkdirSync(join(folder, point));
    else writeFileSync(join(folder, point), "");
    binds.push({ source: path.source, point });
    return { ...path, source: join(folder, point) };
  });
  let staging: Staging | undefined;
  if (folder !== undefined) {
    staging = { folder, layers: layers.length, removed: removedPaths(request), binds };
    // Links with plain names: overlay options give colons, commas and backslashes a meaning of their own.
    for (const [index, layer] of layers.entries()) symlinkSync(layer, join(folder, String(index)));
    if (layers.length > 0) mkdirSync(join(folder, "disk"));
    if (workspace !== undefined && layers.length > 0) {
      bound.push({ source: join(folder, "disk/merged"), target: workspace.target, writable: true });
    }
  }
  const limitProcesses = machine.processes === "rlimit";
  const script = launchScript({
    limits: request.limits,
    cgroups,
    staging,
    becomeUid: asRoot ? sandboxUid : undefined,
    limitProcesses: limitProcesses && !asRoot,
    seccompFile: machine.seccompFile,
  });
  const tmp = folder !== undefined && layers.length > 0 ? join(folder, "disk/tmp") : undefined;
  const args = bubblewrapArguments({ root: machine.rootArguments, uid: sandboxUid, bound, tmp }, request);
  const ownUserNamespace = !asRoot && (staging !== undefined || limitProcesses);
  return {
    command: commandLine(ownUserNamespace, staging !== undefined, ["sh", "-c", script, "assay-sandbox", ...args]),
    release: () => {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function commandLine(userNamespace: boolean, mountNamespace: boolean, inner: [string, ...string[]]): Command {
  const unshare = [
    ...(userNamespace ? ["--user", "--map-root-user"] : []),
    ...(mountNamespace ? ["--mount", "--propagation", "private"] : []),
  ];
  const [file, ...args] = unshare.length > 0 ? (["unshare", ...unshare, ...inner] as const) : inner;
  // The system's own programs, whatever the person's PATH says.
  return { file, args, env: { PATH: systemPath, LC_ALL: "C" }, cwd: "/" };
}

function removedPaths({ workspace }: ExecutionRequest): readonly string[] {
  if (workspace?.method !== "overlay") return [];
  for (const path of workspace.removed) {
    const link = linkOnTheWay(workspace.layers, path);
    if (link !== undefined) raise("workspace-failed", `cannot remove ${path}: ${link} leads out of the workspace`);
  }
  return workspace.removed;
}

function checkRequest({ argv, cwd, env, mounts, workspace }: ExecutionRequest): void {
  const paths = [
    cwd,
    ...mounts.map(({ source, target }) => target ?? source),
    ...(workspace ? [workspace.target] : []),
  ];
  const relative = paths.find((path) => !path.startsWith("/"));
  if (relative !== undefined) raise("sandbox-failed", `not an absolute path: ${JSON.stringify(relative)}`);
  const strings = [...argv, ...paths, ...Object.keys(env), ...Object.values(env)];
  if (strings.some((text) => text.includes("\0"))) raise("sandbox-failed", "an argument holds a NUL character");
  const name = Object.keys(env).find((key) => key === "" || key.includes("="));
  if (name !== undefined) raise("sandbox-failed", `not a name of an environment variable: ${JSON.stringify(name)}`);
}
