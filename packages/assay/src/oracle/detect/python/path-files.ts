import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { isFile, isFolder, list, realPathOf } from "./prefix.ts";

const pathFilesMax = 200;
const targetsMax = 50;
const closed = [
  "/etc",
  "/root",
  "/home",
  "/var",
  "/proc",
  "/sys",
  "/dev",
  "/run",
  "/tmp",
  "/boot",
  "/srv",
  "/mnt",
  "/media",
];

/**
 * Folders outside the project that `.pth` files of an environment add to the path (editable installs of other projects).
 * Such a file is the project's word: only a folder that holds Python, is the user's or the system's, and no home, system or hidden
 * folder, is mounted; of those below the user's home only projects.
 */
export async function pathFileTargets(
  siteFolders: readonly string[],
  root: string,
): Promise<{ mounted: string[]; details: string[] }> {
  const targets = new Set<string>();
  for (const folder of siteFolders) {
    const files = (await list(folder)).filter((name) => name.endsWith(".pth")).slice(0, pathFilesMax);
    for (const file of files) {
      const text = (await readFile(join(folder, file), "utf8").catch(() => "")).slice(0, 65_536);
      for (const line of text.split(/\r?\n/)) {
        const outside = line.startsWith("/") && !`${line}/`.startsWith(`${root}/`);
        if (outside && targets.size < targetsMax) targets.add(line.trim().replace(/\/+$/, ""));
      }
    }
  }
  const mounted: string[] = [];
  const details: string[] = [];
  for (const target of [...targets].sort()) {
    if (siteFolders.includes(target) || target.startsWith("/usr/")) continue;
    if (await mayMount(target, root)) mounted.push(target);
    else details.push(`${target}, which the environment adds to Python's path, is not available to the tests.`);
  }
  return { mounted, details };
}

async function mayMount(target: string, root: string): Promise<boolean> {
  const real = await realPathOf(target);
  if (real === undefined || isClosed(target, root) || isClosed(real, root)) return false;
  if (!(await isTrusted(real))) return false;
  for (const name of await list(target)) {
    if (name.endsWith(".py") || (await isFolder(join(target, name, "__pycache__")))) return true;
    if (await list(join(target, name)).then((names) => names.includes("__init__.py"))) return true;
  }
  return false;
}

function isClosed(target: string, root: string): boolean {
  const containsMore = [homedir(), root].some((folder) => `${folder}/`.startsWith(`${target}/`));
  if (target === "" || target.includes("/../") || containsMore || closed.includes(target)) return true;
  return target.split("/").some((part) => part.startsWith("."));
}

/**
 * A folder of the user's or the system's; below the user's home, where everything is the user's, only a project, or the `src` of
 * one: an editable install leads nowhere else.
 */
async function isTrusted(target: string): Promise<boolean> {
  const found = await stat(target).catch(() => undefined);
  if (found?.isDirectory() !== true || (found.uid !== 0 && found.uid !== process.getuid?.())) return false;
  const home = (await realPathOf(homedir())) ?? homedir();
  if (!`${target}/`.startsWith(`${home}/`)) return true;
  return (await isProject(target)) || (basename(target) === "src" && (await isProject(dirname(target))));
}

async function isProject(folder: string): Promise<boolean> {
  return (await isFile(join(folder, "pyproject.toml"))) || (await isFile(join(folder, "setup.py")));
}
