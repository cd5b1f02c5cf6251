import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, sep } from "node:path";
import { type Goal, goalSchema } from "@assay/sdk";
import { raise } from "#domain";
import type { Caller } from "../caller.ts";

/**
 * What a run writes where its goal says goes into the project, and not into its git or state folder: a key for runs is no key for the
 * daemon's account. The local key is that account's own. Fault: `forbidden`.
 */
export async function refuseForeignPaths(goal: Goal, root: string, caller: Caller): Promise<void> {
  if (caller.keyId === "local") return;
  if (goal.kind === "plan") {
    for (const { work } of goal.plan.tasks) {
      if (work.kind !== "goal") continue;
      // What is no goal begins nothing; the plan says so.
      const part = goalSchema.safeParse(work.goal).data;
      if (part !== undefined) await refuseForeignPaths(part, root, caller);
    }
    return;
  }
  if (goal.kind !== "solve") return;
  // The stub's own file is read again, to tell how the solution differs from it.
  for (const path of [goal.out, goal.patchOut, goal.stub?.path]) {
    if (path !== undefined && !(await isWithin(path, root))) {
      raise(
        "forbidden",
        "a solution may be read from and written to the project's own folders only",
        `give a path within ${root}`,
      );
    }
  }
}

async function isWithin(path: string, root: string): Promise<boolean> {
  if (!isAbsolute(path)) return false;
  // A folder that a link leads out of the project is not within it.
  const folder = await realpath(dirname(path)).catch(() => undefined);
  if (folder === undefined) return false;
  const inside = relative(root, folder);
  const names = inside === "" ? [] : inside.split(sep);
  return !isAbsolute(inside) && !names.some((name) => [".git", ".assay", ".."].includes(name));
}
