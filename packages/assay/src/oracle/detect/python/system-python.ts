import { delimiter, dirname, isAbsolute, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { homeDirectory, type ReadOnlyMount } from "#ports";
import { isSystemPath, type PythonInterpreter, type UnsuitablePython } from "./interpreter.ts";
import { isFile, realPathOf } from "./prefix.ts";
import { mayStart } from "./startable.ts";

const questionMsMax = 10_000;

/** `-I` keeps the current folder, the environment and the user's packages out of it. */
const question = `
import importlib.util, json, os, site, sys
def version(name):
    try:
        from importlib import metadata
        return metadata.version(name)
    except Exception:
        return "unknown"
spec = importlib.util.find_spec("pytest")
user = site.getusersitepackages()
if spec is None and os.path.isfile(os.path.join(user, "pytest", "__init__.py")):
    sys.path.append(user)
    spec = importlib.util.find_spec("pytest")
print(json.dumps({
    "executable": sys.executable, "prefix": sys.prefix, "base": sys.base_prefix,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "path": [p for p in sys.path if os.path.isdir(p)],
    "user": user,
    "pytest": version("pytest") if spec is not None else None,
}))`;

const answerSchema = z.object({
  executable: z.string().startsWith("/"),
  prefix: z.string().startsWith("/"),
  base: z.string().startsWith("/"),
  version: z.string(),
  path: z.array(z.string()),
  user: z.string(),
  pytest: z.string().nullable(),
});

/** An interpreter of the machine and what has to be mounted for it. */
export type SystemPython = {
  path: string;
  version: string;
  /** `undefined` when it has none. */
  pytestVersion: string | undefined;
  mounts: readonly ReadOnlyMount[];
};

const answers = new Map<string, Promise<SystemPython | UnsuitablePython>>();

/**
 * Pythons on the machine's PATH, in its order; `.python-version` may name one of pyenv's first. Folders that are relative or inside
 * the project are skipped: what lies there is the project's, and is never started outside the sandbox. So is all that neither
 * the system nor a version manager of the user installed; an active virtual environment is read instead.
 */
export async function findSystemPythons(root: string, pinned: string | undefined): Promise<string[]> {
  const folders = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !`${folder}/`.startsWith(`${root}/`));
  const shims = folders.find((folder) => folder.endsWith("/shims"));
  const pinnedVersion = /^\s*(\d+\.\d+(?:\.\d+)?)\s*$/m.exec(pinned ?? "")?.[1];
  const first =
    shims !== undefined && pinnedVersion !== undefined
      ? [join(dirname(shims), "versions", pinnedVersion, "bin", "python3")]
      : [];
  const named = [...new Set([...folders, "/usr/bin"])].flatMap((folder) => [
    join(folder, "python3"),
    join(folder, "python"),
  ]);
  const found: string[] = [];
  for (const path of [...first, ...named]) {
    const real = await realPathOf(path);
    if (real === undefined || real.startsWith(`${root}/`) || !(await isFile(real))) continue;
    if (await mayStart(path, root)) found.push(path);
  }
  return found;
}

/** One that has pytest. */
export async function askSystemPython(path: string): Promise<PythonInterpreter | UnsuitablePython> {
  const python = await describePython(path);
  if ("reason" in python) return python;
  const { pytestVersion } = python;
  return pytestVersion === undefined
    ? { path: python.path, reason: "pytest is not installed in it" }
    : { ...python, mounts: [...python.mounts], pytestVersion, details: [] };
}

/** Asks an interpreter of the machine what it is, from `/` and with an empty environment; asked once per process. */
export async function describePython(path: string): Promise<SystemPython | UnsuitablePython> {
  const known = answers.get(path) ?? ask(path);
  answers.set(path, known);
  return await known;
}

async function ask(path: string): Promise<SystemPython | UnsuitablePython> {
  const result = await execa(path, ["-I", "-c", question], {
    cwd: "/",
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: homeDirectory() },
    extendEnv: false,
    stdin: "ignore",
    timeout: questionMsMax,
    reject: false,
  });
  const answer = answerSchema.safeParse(parseJson(result.stdout));
  if (!answer.success) return { path, reason: "it does not start" };
  const { executable, base, prefix, version, pytest, user } = answer.data;
  if (!/^3\.(?:[7-9]|\d\d)/.test(version)) return { path: executable, reason: `Python ${version} is too old` };
  const folders = new Set([base, prefix, ...answer.data.path.filter((folder) => folder === user)]);
  const mounts: ReadOnlyMount[] = [...folders].filter((folder) => !isSystemPath(folder)).map((source) => ({ source }));
  return { path: executable, version, pytestVersion: pytest ?? undefined, mounts };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
