import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExecutionRequest, ProjectProfile, ReadOnlyMount, Workspace } from "#ports";

/** Our Python files, mounted apart from the project. */
const assets: ReadOnlyMount = { source: fileURLToPath(new URL("./python/", import.meta.url)), target: "/assay/pytest" };

export type PythonScript = "run.py" | "screen.py";

/** Proves that a line on descriptor 3 was written by our plugin in this run, and not by an earlier one. */
export function freshNonce(): string {
  return randomBytes(16).toString("hex");
}

/** How to start one of our Python scripts on a workspace; limits, stdin and signal are the caller's. */
export async function pythonInvocation(
  profile: ProjectProfile,
  workspace: Workspace,
  script: PythonScript,
  seed?: number,
): Promise<Omit<ExecutionRequest, "limits">> {
  return {
    argv: [profile.interpreter, "-B", `${assets.target}/${script}`],
    cwd: profile.root,
    env: pythonEnvironment(profile, seed),
    workspace: await workspace.mount(),
    mounts: [...profile.mounts, assets],
  };
}

/** The whole environment of a test run: fixed, so that two runs differ only by the code, and by the seed where one is given. */
export function pythonEnvironment(profile: ProjectProfile, seed = 0): Record<string, string> {
  const bin = dirname(profile.interpreter);
  const environment: Record<string, string> = {
    PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
    HOME: "/tmp",
    TMPDIR: "/tmp",
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    CI: "true",
    NO_COLOR: "1",
    PY_COLORS: "0",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONHASHSEED: String(seed >>> 0),
    PYTHONUNBUFFERED: "1",
  };
  const userBase = userSiteBase(profile.mounts);
  if (userBase !== undefined) environment.PYTHONUSERBASE = userBase;
  if (profile.mounts.some(({ source }) => join(source, "bin") === bin && source.startsWith(`${profile.root}/`))) {
    environment.VIRTUAL_ENV = dirname(bin);
  }
  return environment;
}

/** Folders to put on Python's path behind the root. */
export function pythonPath(profile: ProjectProfile): string[] {
  return hasBareSourceRoot(profile.sourceFiles) ? [join(profile.root, "src")] : [];
}

/**
 * True for a `src/` layout. Putting `src` on the path is right whether or not the package is installed: with an
 * editable install it is the same files, and a copied install would otherwise be tested instead of the candidate.
 */
export function hasBareSourceRoot(sourceFiles: readonly string[]): boolean {
  return sourceFiles.some((file) => file.startsWith("src/")) && !sourceFiles.includes("src/__init__.py");
}

/** The base of a mounted `pip install --user` directory, e.g. `/home/ada/.local`. */
function userSiteBase(mounts: readonly ReadOnlyMount[]): string | undefined {
  for (const { source } of mounts) {
    const match = /^(.*\/\.local)\/lib\/python3\.\d+\/site-packages$/.exec(source);
    if (match !== null) return match[1];
  }
  return undefined;
}
