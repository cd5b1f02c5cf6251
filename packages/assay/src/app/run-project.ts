import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** The small project that a run made for itself and that its bundle is about; `undefined` where the bundle is about the user's. */
export function runProjectOf(bundle: string): string | undefined {
  const run = /^(.*\/runs\/[^/]+)\/bundle(?:\/|$)/.exec(resolve(bundle))?.[1];
  return run !== undefined && existsSync(join(run, "project")) ? join(run, "project") : undefined;
}

/** The user's project in whose state directory a run made its own: what is installed there may be used. */
export function ownerOf(root: string): string | undefined {
  return /^(.+)\/\.assay\/(?:tenants\/[^/]+\/)?runs\/[^/]+\/project$/.exec(root)?.[1];
}
