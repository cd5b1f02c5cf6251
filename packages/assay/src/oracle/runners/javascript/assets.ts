import { fileURLToPath } from "node:url";
import type { ReadOnlyMount } from "#ports";

/** Where the files that run inside the sandbox appear there: apart from every project, also from Assay's own checkout. */
const insideDirectory = "/opt/assay/runners";

const folders = [
  "javascript",
  "node-test",
  "vitest",
  "jest",
  "compiled",
  "go-test",
  "cargo",
  "maven",
  "gradle",
] as const;
type AssetFolder = (typeof folders)[number];

/** The path inside the sandbox of a file in a runner's `assets` folder. */
export function assetPath(folder: AssetFolder, name: string): string {
  return `${insideDirectory}/${folder}/assets/${name}`;
}

/** Mounts for the shared files and those of one runner. */
export function assetMounts(folder: AssetFolder): ReadOnlyMount[] {
  return (["javascript", folder] as const).map(assetMount);
}

/** What a command of the user's own needs to run tools in the sandbox that write into the dependencies, which are read-only there. */
export function readOnlyDependencies(): { mount: ReadOnlyMount; env: Readonly<Record<string, string>> } {
  const preload = assetPath("javascript", "read-only-dependencies.mjs");
  return { mount: assetMount("javascript"), env: { NODE_OPTIONS: `--import=${preload}` } };
}

function assetMount(folder: AssetFolder): ReadOnlyMount {
  return {
    source: fileURLToPath(new URL(`../${folder}/assets`, import.meta.url)),
    target: `${insideDirectory}/${folder}/assets`,
  };
}
