import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@assay/sdk";
import { z } from "zod";
import { digestOf } from "#ports";
import { eachBounded } from "../files/each-bounded.ts";
import type { ProjectEntry } from "../files/read-entry.ts";

/** What a finished snapshot looked like on disk when it was made, to notice that something changed it. */
const manifestSchema = z.object({
  version: z.literal(1),
  /** Uid of the files. */
  owner: z.int(),
  files: z.array(z.tuple([z.string(), z.number(), z.number()])),
});
/** Path, bytes, modification time in ms. */
export type ManifestFile = [path: string, bytes: number, modifiedMs: number];

export const manifestName = "manifest.json";

/** The base revision: over the sorted list of path, git's mode and content digest (of a link: its target). */
export function snapshotDigest(entries: readonly ProjectEntry[]): Digest {
  const lines = entries.map((entry) =>
    entry.kind === "link"
      ? JSON.stringify([entry.path, "120000", digestOf(entry.target)])
      : JSON.stringify([entry.path, entry.executable ? "100755" : "100644", entry.digest]),
  );
  return digestOf(lines.join("\n"));
}

/** Reads size and time of every file of a copied tree. */
export async function describeTree(tree: string, entries: readonly ProjectEntry[], owner: number): Promise<string> {
  const files: ManifestFile[] = [];
  await eachBounded(entries, 16, async ({ path }) => {
    const { size, mtimeMs } = await lstat(join(tree, path));
    files.push([path, size, mtimeMs]);
  });
  return JSON.stringify({ version: 1, owner, files });
}

/**
 * Whether the snapshot in `directory` still looks as it was made: every file of the manifest there, with its size and
 * modification time, the same paths and owner as expected. Contents are not read again: that would cost as much as copying.
 */
export async function isIntact(directory: string, entries: readonly ProjectEntry[], owner: number): Promise<boolean> {
  try {
    const text = await readFile(join(directory, manifestName), "utf8");
    const { files, ...made } = manifestSchema.parse(JSON.parse(text));
    if (made.owner !== owner) return false;
    const expected = new Set(entries.map(({ path }) => path));
    if (files.length !== expected.size) return false;
    let intact = true;
    await eachBounded(files, 16, async ([path, bytes, modifiedMs]) => {
      const { size, mtimeMs } = await lstat(join(directory, "tree", path));
      intact &&= expected.has(path) && size === bytes && mtimeMs === modifiedMs;
    });
    return intact;
  } catch {
    return false;
  }
}
