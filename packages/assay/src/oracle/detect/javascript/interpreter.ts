import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { ReadOnlyMount } from "#ports";

/** System folders are part of every sandbox's root. */
const systemFolders = ["/usr", "/bin", "/lib", "/lib64"];

/** The Node that runs Assay, by its real path, and what must be mounted for it. */
export async function nodeInterpreter(): Promise<{ path: string; version: string; mounts: ReadOnlyMount[] }> {
  const path = await realpath(process.execPath);
  return { path, version: process.version, mounts: mountsFor(path) };
}

function mountsFor(path: string): ReadOnlyMount[] {
  if (systemFolders.some((folder) => path.startsWith(`${folder}/`) && !path.startsWith("/usr/local/"))) return [];
  const folder = dirname(path);
  const prefix = dirname(folder);
  // A prefix such as ~/.nvm/versions/node/v24.1.0 holds this Node alone; anything wider is not Node's own.
  const own = basename(folder) === "bin" && /node|v?\d+\.\d+/.test(basename(prefix));
  return [{ source: own ? prefix : path }];
}
