import type { ReadOnlyMount } from "#ports";

/** Part of every sandbox's root. */
const systemFolders = ["/usr", "/bin", "/lib", "/lib64"];

/** What must be mounted so that a folder is there inside: nothing for one of the system's. */
export function toolMounts(folder: string): ReadOnlyMount[] {
  return systemFolders.some((system) => `${folder}/`.startsWith(`${system}/`)) ? [] : [{ source: folder }];
}
