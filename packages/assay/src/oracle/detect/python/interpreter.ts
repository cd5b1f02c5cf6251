import type { ReadOnlyMount } from "#ports";

/** A Python that has pytest, and what must be mounted for it. */
export type PythonInterpreter = {
  /** What to start; for a virtual environment the path inside it, since Python finds the environment by that. */
  path: string;
  /** E.g. `3.11`. */
  version: string;
  pytestVersion: string;
  mounts: ReadOnlyMount[];
  /** One sentence each. */
  details: string[];
};

/** A Python without pytest, named in the fault. */
export type UnsuitablePython = { path: string; reason: string };

/** The sandbox's root has /usr; everything else must be mounted. */
export function isSystemPath(path: string): boolean {
  return path === "/usr" || path.startsWith("/usr/");
}
