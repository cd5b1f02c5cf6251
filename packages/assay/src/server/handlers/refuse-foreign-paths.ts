import { type Goal, plannedTaskSchema } from "@assay/sdk";
import { raise } from "#domain";
import { goalOf, placeWithin } from "#workflows";
import { localKeyId } from "../auth/fixed-keys.ts";
import type { Caller } from "../caller.ts";

const workSchema = plannedTaskSchema.shape.work;

/**
 * The folder outside of which a run that this caller asks for writes nothing where its goal says: a key for runs is no key for the
 * daemon's account. The local key is that account's own.
 */
export function folderOf(caller: Caller, root: string): string | undefined {
  return caller.keyId === localKeyId ? undefined : root;
}

/**
 * Tells at once what the run would be refused later: it writes into the project, and not into its git or state folder. Faults:
 * `forbidden`; `config-invalid` for a task's goal that is none, or another project's.
 */
export async function refuseForeignPaths(goal: Goal, root: string, caller: Caller): Promise<void> {
  if (folderOf(caller, root) === undefined) return;
  if (goal.kind === "plan") {
    for (const { key, work } of goal.plan.tasks) {
      if (work.kind === "goal") await refuseForeignPaths(goalOf(key, work, root), root, caller);
    }
    return;
  }
  if (goal.kind !== "solve") return;
  // The stub's own file is read again, to tell how the solution differs from it.
  for (const path of [goal.out, goal.patchOut, goal.stub?.path]) {
    if (path !== undefined && (await placeWithin(path, root)) === undefined) {
      raise(
        "forbidden",
        "a solution may be read from and written to the project's own folders only",
        `give a path within ${root}`,
      );
    }
  }
}

/** The same for what a step is given in a fork, where that is a task's work. */
export async function refuseForeignWork(input: unknown, root: string, caller: Caller): Promise<void> {
  if (folderOf(caller, root) === undefined) return;
  const work = workSchema.safeParse(input).data;
  // What is no work of a task holds no goal: the step itself says whether it fits.
  if (work?.kind === "goal") await refuseForeignPaths(goalOf("in the fork", work, root), root, caller);
}
