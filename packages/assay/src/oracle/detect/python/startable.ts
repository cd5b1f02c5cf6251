import { dirname, isAbsolute, join, sep } from "node:path";
import { homeDirectory } from "#ports";
import { isFile, realPathOf } from "./prefix.ts";

/** Where the machine's administrator and package managers install. */
const systemPrefixes = [
  "/usr",
  "/usr/local",
  "/bin",
  "/opt",
  "/nix",
  "/run/current-system",
  "/home/linuxbrew/.linuxbrew",
];

/** Where a user's own version managers install, below the home folder. */
const managers = [
  ".pyenv",
  ".local",
  ".asdf",
  ".rye",
  ".linuxbrew",
  "miniconda3",
  "miniforge3",
  "mambaforge",
  "anaconda3",
];

/**
 * Whether an interpreter may be started outside the sandbox to ask what it is: installed by the system or by one of the user's own
 * version managers. Neither a virtual environment, whose packages run at each start, nor anything that shares a folder
 * with the project below those places: that may have come with the project, as in a repository around it.
 */
export async function mayStart(interpreter: string, root: string): Promise<boolean> {
  const real = await realPathOf(interpreter);
  if (real === undefined || !isAbsolute(interpreter)) return false;
  const roots = [root, (await realPathOf(root)) ?? root];
  for (const path of new Set([interpreter, real])) {
    const prefix = prefixOf(path, roots);
    if (prefix === undefined || roots.some((each) => sharesFolder(path, each, prefix))) return false;
    if (await isInEnvironment(path)) return false;
  }
  return true;
}

async function isInEnvironment(interpreter: string): Promise<boolean> {
  const folder = dirname(interpreter);
  return (await isFile(join(folder, "pyvenv.cfg"))) || (await isFile(join(dirname(folder), "pyvenv.cfg")));
}

/** The innermost place of installations above a path. */
function prefixOf(path: string, roots: readonly string[]): string | undefined {
  const home = homeDirectory();
  const pyenv = process.env.PYENV_ROOT;
  const own = managers.map((name) => join(home, name));
  const places = pyenv !== undefined && isAbsolute(pyenv) ? [...own, pyenv] : own;
  return [...systemPrefixes, ...places.filter((place) => !roots.some((root) => `${root}/`.startsWith(`${place}/`)))]
    .filter((prefix) => path.startsWith(`${prefix}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** True when the first folder below the prefix holds both. */
function sharesFolder(path: string, root: string, prefix: string): boolean {
  const first = (of: string) => (of.startsWith(`${prefix}/`) ? of.slice(prefix.length + 1).split(sep)[0] : undefined);
  return first(root) !== undefined && first(root) === first(path);
}
