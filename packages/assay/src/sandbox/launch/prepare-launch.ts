import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { raise } from "#domain";
import { type ExecutionRequest, nestedFilterPath } from "#ports";
import type { Machine } from "../machine.ts";
import { type BoundPath, bubblewrapArguments } from "./bubblewrap-arguments.ts";
import { argumentsName, continuationScript, foldersName, watchedName } from "./launch-script.ts";
import { isUnreachable, linkOnTheWay } from "./unreachable.ts";

/**
 * Lays out in a launcher's folder what a request needs there and gives the script that carries it out. Throws a
 * `FaultError` for a request that must not be carried out, and what the file system throws.
 */
export function prepareLaunch(machine: Machine, request: ExecutionRequest, folder: string): string {
  const { asRoot, sandboxUid } = machine;
  const { workspace } = request;
  checkRequest(request);
  const removed = removedPaths(request);
  const binds: { source: string; point: string }[] = [];
  /** Where bubblewrap, without root's rights, finds a path of the host. */
  const reachable = (source: string): string => {
    if (!asRoot || !isUnreachable(source)) return source;
    const point = `bind-${binds.length}`;
    if (statSync(source).isDirectory()) mkdirSync(join(folder, point));
    else writeFileSync(join(folder, point), "");
    binds.push({ source, point });
    return join(folder, point);
  };
  const bound: BoundPath[] = request.mounts.map(({ source, target }) => ({
    source: reachable(source),
    target: target ?? source,
    writable: false,
  }));
  if (request.mayNest === true) bound.push({ source: machine.seccompFile, target: nestedFilterPath, writable: false });
  const layers = workspace?.method === "overlay" ? workspace.layers : [];
  // Links with plain names: overlay options give colons, commas and backslashes a meaning of their own.
  for (const [index, layer] of layers.entries()) symlinkSync(layer, join(folder, String(index)));
  if (workspace !== undefined) {
    const source = workspace.method === "overlay" ? join(folder, "disk/merged") : reachable(workspace.directory);
    bound.push({ source, target: workspace.target, writable: true });
  }
  const disk = { tmp: join(folder, "disk/tmp"), sharedMemory: join(folder, "disk/shm") };
  const options = bubblewrapArguments({ root: machine.rootArguments, uid: sandboxUid, bound, ...disk }, request);
  writeFileSync(join(folder, argumentsName), options.map((option) => `${option}\0`).join(""), { mode: 0o600 });
  if (layers.length > 0) writeWatched(folder, request.watched ?? []);
  return continuationScript({
    limits: request.limits,
    layers: layers.length,
    removed,
    binds,
    becomeUid: asRoot ? sandboxUid : undefined,
    limitProcesses: machine.processes === "rlimit",
    seccompFile: request.mayNest === true ? undefined : machine.seccompFile,
    argv: request.argv,
  });
}

/** A path with a line feed cannot be told by line; the folder above it still is. */
function writeWatched(folder: string, watched: readonly string[]): void {
  const lines = (paths: Iterable<string>) =>
    [...paths].filter((path) => !path.includes("\n")).map((path) => `${path}\n`);
  const folders = new Set<string>();
  for (const path of watched) {
    for (let above = dirname(path); above !== "." && !folders.has(above); above = dirname(above)) folders.add(above);
  }
  writeFileSync(join(folder, watchedName), lines(watched).join(""), { mode: 0o600 });
  writeFileSync(join(folder, foldersName), lines(folders).join(""), { mode: 0o600 });
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
  if (workspace?.method === "overlay" && workspace.layers.length === 0) {
    raise("sandbox-failed", "an overlay workspace needs a layer");
  }
  const strings = [...argv, ...paths, ...Object.keys(env), ...Object.values(env)];
  if (strings.some((text) => text.includes("\0"))) raise("sandbox-failed", "an argument holds a NUL character");
  const name = Object.keys(env).find((key) => key === "" || key.includes("="));
  if (name !== undefined) raise("sandbox-failed", `not a name of an environment variable: ${JSON.stringify(name)}`);
}
