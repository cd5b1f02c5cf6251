import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

const repositoryModules = join(import.meta.dirname, "../../../../../node_modules");

/** Gives a project packages of this repository, by links, as package managers do. */
export async function linkModules(root: string, names: readonly string[]): Promise<void> {
  await mkdir(join(root, "node_modules"), { recursive: true });
  for (const each of names) await symlink(join(repositoryModules, each), join(root, "node_modules", each));
}
