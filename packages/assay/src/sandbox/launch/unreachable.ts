import { lstatSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Whether a uid that owns nothing could not get to `path`: a folder above it (links resolved) is not open to everybody.
 * A path that does not exist counts as reachable: bubblewrap's own message about it is the better one.
 */
export function isUnreachable(path: string): boolean {
  try {
    let folder = dirname(realpathSync(path));
    while (true) {
      if ((statSync(folder).mode & 0o001) === 0) return true;
      const parent = dirname(folder);
      if (parent === folder) return false;
      folder = parent;
    }
  } catch {
    return false;
  }
}

/** The first link among the folders above a project-relative path in any layer, or the path itself when it is not relative. */
export function linkOnTheWay(layers: readonly string[], path: string): string | undefined {
  const parts = path.split("/");
  if (path === "" || parts.some((part) => part === "" || part === "." || part === "..")) return path;
  for (const layer of layers) {
    for (let length = 1; length < parts.length; length++) {
      const folder = parts.slice(0, length).join("/");
      if (lstatSync(`${layer}/${folder}`, { throwIfNoEntry: false })?.isSymbolicLink()) return folder;
    }
  }
  return undefined;
}
