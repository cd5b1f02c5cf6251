import { existsSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { killQuietly } from "../supervise/process-tree.ts";
import type { Controllers } from "./controller.ts";

/** In a process's runtime folder: where it makes cgroups, one folder a line. */
export const groupParentsName = "cgroups";

export function groupParents({ memory, processes }: Controllers): string {
  return [...new Set([memory?.parent, processes?.parent])].filter((parent) => parent !== undefined).join("\n");
}

/**
 * Removes the cgroups that a killed Assay made, by the note in its runtime folder; ends what still runs in them first.
 * Answers whether none is left: a group may need a moment after its last process, and goes at a later start then.
 */
export function removeLeftoverGroups(runtimeFolder: string, prefix: string): boolean {
  const note = join(runtimeFolder, groupParentsName);
  if (!existsSync(note)) return true;
  let left = 0;
  for (const parent of readFileSync(note, "utf8").split("\n")) {
    if (parent === "" || !existsSync(parent)) continue;
    for (const name of readdirSync(parent)) {
      if (!name.startsWith(prefix)) continue;
      if (!removeGroup(join(parent, name))) left++;
    }
  }
  return left === 0;
}

function removeGroup(group: string): boolean {
  try {
    for (const member of readFileSync(join(group, "cgroup.procs"), "utf8").split("\n")) {
      // 0 stands for a process of another pid namespace, and as a target for our own group.
      if (Number(member) > 1) killQuietly(Number(member));
    }
    rmdirSync(group);
    return true;
  } catch {
    // Gone, when another Assay was quicker.
    return !existsSync(group);
  }
}
