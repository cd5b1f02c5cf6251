import { lstat, readdir, readFile, realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { ReadOnlyMount, Snapshot } from "#ports";

const linksMax = 20_000;
const mountsMax = 500;

/** Every `node_modules` that resolution from inside the project reaches: beside each package.json, and in the folders above. */
export async function findNodeModules(snapshot: Snapshot): Promise<string[]> {
  const packages = snapshot.files.filter((file) => file === "package.json" || file.endsWith("/package.json"));
  const folders = packages.map((file) => join(snapshot.root, dirname(file)));
  return await installedIn([...folders, ...ancestors(snapshot.root)]);
}

/**
 * Mounts for dependency folders and for what links in them lead to outside of the project and of these folders:
 * workspace packages, a shared pnpm store, packages linked from elsewhere, each with what they in turn resolve.
 */
export async function mountNodeModules(snapshot: Snapshot, folders: readonly string[]): Promise<ReadOnlyMount[]> {
  const mounts = new Map<string, string>();
  const queue: string[] = [];
  const mount = async (folder: string) => {
    mounts.set(folder, await realpath(folder));
    queue.push(folder);
  };
  const covered = (path: string) =>
    isInside(path, snapshot.root) || [...mounts].some(([target]) => isInside(path, target));
  for (const folder of folders) await mount(folder);
  let links = 0;
  for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
    for (const link of await linksIn(folder)) {
      if (++links > linksMax || mounts.size >= mountsMax) break;
      const real = await realpath(link).catch(() => undefined);
      if (real === undefined || covered(real)) continue;
      // A package inside another node_modules finds its own dependencies beside itself: that folder is mounted whole.
      for (const found of await installedIn([real, ...ancestors(real)])) if (!covered(found)) await mount(found);
      if (!covered(real)) mounts.set(real, real);
    }
  }
  return [...mounts].map(([target, source]) => (source === target ? { source } : { source, target }));
}

/** The folder and those above it, innermost first. */
function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

async function installedIn(folders: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const folder of folders) {
    const path = join(folder, "node_modules");
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined && (await lstat(real)).isDirectory()) found.add(path);
  }
  return [...found].sort();
}

async function linksIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const links: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) links.push(path);
    else if (entry.name.startsWith("@") && entry.isDirectory()) links.push(...(await linksIn(path)));
  }
  return links;
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The folder of an installed package, as resolution from the project's root finds it; `undefined` if it is not installed. */
export async function findPackage(
  root: string,
  name: string,
): Promise<{ folder: string; version: string } | undefined> {
  for (let folder = root; ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name);
    const text = await readFile(join(path, "package.json"), "utf8").catch(() => undefined);
    if (text !== undefined) return { folder: path, version: versionIn(text) };
    if (folder === dirname(folder)) return undefined;
  }
}

function versionIn(manifest: string): string {
  return /"version"\s*:\s*"([^"]{1,100})"/.exec(manifest)?.[1] ?? "0.0.0";
}
