import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Snapshot } from "#ports";

const configurations = /^(?:(?:vitest|vite|jest)\.config\.[^/]+|vitest\.workspace\.[^/]+|package\.json)$/;
const bytesMax = 256 * 1024;
const endings = ["", ".ts", ".js", ".mjs", ".cjs", ".mts", ".cts", ".tsx", ".jsx"];

/**
 * Files of the project that a runner's configuration names in a string, such as set-up files: they decide the tests' outcome
 * and so belong to the oracle. The configuration is read as text, never evaluated. What package.json names as the package's
 * own entry is not counted.
 */
export async function namedInConfiguration(snapshot: Snapshot): Promise<string[]> {
  const known = new Set(snapshot.files);
  const named = new Set<string>();
  for (const configuration of snapshot.files.filter((file) => configurations.test(file))) {
    const text = (await readFile(join(snapshot.directory, configuration), "utf8")).slice(0, bytesMax);
    for (const value of stringsIn(configuration === "package.json" ? jestPart(text) : text)) {
      const path = posix.normalize(value.replace(/^<rootDir>\//, ""));
      const file = endings.map((ending) => path + ending).find((candidate) => known.has(candidate));
      // `coverage.include` and the like name sources too, but by folder or pattern, seldom one by one.
      if (file !== undefined && !path.startsWith("..")) named.add(file);
    }
  }
  return [...named].sort();
}

function stringsIn(text: string): string[] {
  return [...text.matchAll(/["'`]([^"'`\n]{1,300})["'`]/g)].map((match) => match[1] ?? "");
}

function jestPart(text: string): string {
  try {
    const manifest: unknown = JSON.parse(text);
    const jest = typeof manifest === "object" && manifest !== null && "jest" in manifest ? manifest.jest : undefined;
    return JSON.stringify(jest ?? null);
  } catch {
    return "";
  }
}
