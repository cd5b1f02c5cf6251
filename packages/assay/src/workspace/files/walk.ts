import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { raise } from "#domain";
import { alwaysExcluded, dependencyFolder } from "#syntax";
import { projectBounds } from "../bounds.ts";
import type { Exclusion } from "./list-project.ts";

/** Lists what lies below `root`, following no link, leaving out dependencies, caches, secrets and build folders of known tools. */
export async function walk(root: string): Promise<{ paths: string[]; excluded: Exclusion[] }> {
  const paths: string[] = [];
  const excluded: Exclusion[] = [];
  const folders: string[] = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await list(root, folder, excluded)) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const reason = alwaysExcluded(path) ?? (entry.isDirectory() ? await folderReason(root, path) : undefined);
      if (reason !== undefined) excluded.push({ path, reason });
      else if (!entry.isDirectory()) paths.push(path);
      else folders.push(path);
    }
    if (paths.length > projectBounds.filesMax) tooMany(root);
  }
  return { paths: paths.sort(), excluded };
}

async function list(root: string, folder: string, excluded: Exclusion[]) {
  if (folder.split("/").length > projectBounds.directoryDepthMax) {
    excluded.push({ path: folder, reason: `nested more than ${projectBounds.directoryDepthMax} folders deep` });
    return [];
  }
  try {
    return await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (folder === "") throw error;
    excluded.push({ path: folder, reason: `cannot be read: ${(error as NodeJS.ErrnoException).code}` });
    return [];
  }
}

async function folderReason(root: string, path: string): Promise<string | undefined> {
  if (dependencyFolder(path) !== undefined) return "dependencies or caches";
  if (await exists(join(root, path, "pyvenv.cfg"))) return "a Python environment";
  if (!/(?:^|\/)target$/.test(path)) return undefined;
  const built = ["Cargo.toml", "pom.xml"].map((name) => exists(join(root, path, "..", name)));
  return (await Promise.all(built)).includes(true) ? "build output" : undefined;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export function tooMany(root: string): never {
  raise(
    "not-a-project",
    `${root} has more than ${projectBounds.filesMax} files that are not ignored`,
    "ignore generated files in .gitignore, or name the folder of one project",
  );
}
