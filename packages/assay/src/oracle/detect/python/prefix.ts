import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";

/** An installed Python or a virtual environment: a folder with `lib/python3.X`. */
export type Prefix = { path: string; version: string; siteFolders: string[] };

const versionFolder = /^python(3\.\d+)$/;
const entriesMax = 20_000;

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

export async function list(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).slice(0, entriesMax).sort();
}

export async function realPathOf(path: string): Promise<string | undefined> {
  return await realpath(path).catch(() => undefined);
}

/** The Python versions that a prefix has a library folder for, with their package folders. */
export async function readPrefix(path: string): Promise<Prefix[]> {
  const found: Prefix[] = [];
  for (const library of ["lib", "lib64"]) {
    for (const name of await list(join(path, library))) {
      const version = versionFolder.exec(name)?.[1];
      if (version === undefined || found.some((prefix) => prefix.version === version)) continue;
      const folders = [join(path, library, name, "site-packages"), join(path, library, name, "dist-packages")];
      const present = await Promise.all(folders.map(isFolder));
      found.push({ path, version, siteFolders: folders.filter((_, index) => present[index]) });
    }
  }
  return found;
}

/** True for a real installation: it has the standard library. What merely calls itself one is not mounted. */
export async function hasStandardLibrary(path: string): Promise<boolean> {
  const prefixes = (await list(join(path, "lib"))).filter((name) => versionFolder.test(name));
  for (const name of prefixes) {
    if (await isFile(join(path, "lib", name, "os.py"))) return true;
  }
  return false;
}

/** The version of pytest in one of the folders, from its metadata; `unknown` when only the package is there. */
export async function findPytest(siteFolders: readonly string[]): Promise<string | undefined> {
  for (const folder of siteFolders) {
    if (!(await isFile(join(folder, "pytest", "__init__.py")))) continue;
    const metadata = (await list(folder)).map((name) => /^pytest-(.+?)\.(?:dist|egg)-info$/.exec(name)?.[1]);
    return metadata.find((version) => version !== undefined) ?? "unknown";
  }
  return undefined;
}
