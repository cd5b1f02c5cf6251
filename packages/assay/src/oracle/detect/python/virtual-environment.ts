import { readFile } from "node:fs/promises";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";
import { homeDirectory, type ReadOnlyMount } from "#ports";
import { isSystemPath, type PythonInterpreter, type UnsuitablePython } from "./interpreter.ts";
import { pathFileTargets } from "./path-files.ts";
import { findPytest, hasStandardLibrary, isFile, list, readPrefix, realPathOf } from "./prefix.ts";

const usualNames = [".venv", "venv", "env", ".env", "virtualenv"];

/** Folders of virtual environments inside the project, the usual names first. Reads names only. */
export async function findVirtualEnvironments(root: string): Promise<string[]> {
  const others = (await list(root)).filter((name) => !usualNames.includes(name));
  const active = process.env.VIRTUAL_ENV;
  const candidates = [
    ...(active?.startsWith(`${root}/`) ? [active] : []),
    ...[...usualNames, ...others].map((name) => join(root, name)),
  ];
  const found: string[] = [];
  for (const folder of candidates) {
    if (!found.includes(folder) && (await isFile(join(folder, "pyvenv.cfg")))) found.push(folder);
  }
  return found;
}

/**
 * Folders of virtual environments outside the project whose `bin` is on PATH: those that the user activated. One that holds the
 * project or the user's home is none to be mounted.
 */
export async function findActiveEnvironments(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const bin of (process.env.PATH ?? "").split(delimiter)) {
    const folder = dirname(bin);
    if (!isAbsolute(bin) || basename(bin) !== "bin" || found.includes(folder)) continue;
    const holdsMore = [root, homeDirectory()].some((other) => `${other}/`.startsWith(`${folder}/`));
    if (holdsMore || `${folder}/`.startsWith(`${root}/`)) continue;
    if (await isFile(join(folder, "pyvenv.cfg"))) found.push(folder);
  }
  return found;
}

/**
 * Reads a virtual environment without starting it: the project could have put anything at `bin/python`. Its base is mounted
 * only where a standard library lies in it.
 */
export async function readVirtualEnvironment(
  folder: string,
  root: string,
): Promise<PythonInterpreter | UnsuitablePython> {
  const path = join(folder, "bin", "python");
  const unsuitable = (reason: string): UnsuitablePython => ({ path: folder, reason });
  const real = await realPathOf(path);
  if (real === undefined) return unsuitable("its bin/python is missing or points nowhere");
  const settings = await readSettings(join(folder, "pyvenv.cfg"));
  const [own] = await readPrefix(folder);
  if (own === undefined) return unsuitable("it has no lib/python3 folder");

  const bases = await basePrefixes(settings.get("home"), real.startsWith(`${folder}/`) ? undefined : real);
  if (bases.length === 0)
    return unsuitable(`the Python it was made from is gone (${settings.get("home") ?? "unknown"})`);
  const shared = settings.get("include-system-site-packages")?.toLowerCase() === "true";
  const baseFolders = shared
    ? (await Promise.all(bases.map(readPrefix))).flat().flatMap((base) => base.siteFolders)
    : [];
  const pytestVersion = await findPytest([...own.siteFolders, ...baseFolders]);
  if (pytestVersion === undefined) return unsuitable("pytest is not installed in it");

  const targets = await pathFileTargets(own.siteFolders, root);
  const sources = [folder, ...bases.filter((base) => !isSystemPath(base)), ...targets.mounted];
  const mounts: ReadOnlyMount[] = sources.map((source) => ({ source }));
  const name = folder.startsWith(`${root}/`) ? folder.slice(root.length + 1) : folder;
  const details = [`The virtual environment ${name} is used.`, ...targets.details];
  return { path, version: settings.get("version") ?? own.version, pytestVersion, mounts, details };
}

async function readSettings(path: string): Promise<Map<string, string>> {
  const text = (await readFile(path, "utf8").catch(() => "")).slice(0, 65_536);
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf("=");
    if (at > 0) settings.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
  }
  return settings;
}

/** The installations behind a virtual environment: as `home` names it and, where that is a link, as it really is. */
async function basePrefixes(home: string | undefined, realInterpreter: string | undefined): Promise<string[]> {
  const named = home?.startsWith("/") ? dirname(home) : undefined;
  const resolved = named === undefined ? undefined : await realPathOf(named);
  const behind = realInterpreter === undefined ? undefined : dirname(dirname(realInterpreter));
  const candidates = new Set([named, resolved, behind].filter((prefix) => prefix !== undefined));
  const found: string[] = [];
  for (const prefix of candidates) {
    if (await hasStandardLibrary(prefix)) found.push(prefix);
  }
  return found;
}
