import { lstatSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@assay/sdk";
import { z } from "zod";
import { digestOf } from "#ports";
import { breather } from "../files/breather.ts";
import type { ProjectEntry } from "../files/read-entry.ts";

/** What a finished snapshot looked like on disk when it was made, to notice that something changed it. */
const manifestSchema = z.object({
  version: z.literal(1),
  /** Uid of the files. */
  owner: z.int(),
  /** Over path, bytes and modification time of every file. */
  shape: z.string(),
});

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

/** The manifest of a tree just copied. */
export async function describeTree(tree: string, entries: readonly ProjectEntry[], owner: number): Promise<string> {
  return JSON.stringify({ version: 1, owner, shape: await shapeOf(tree, entries) });
}

/**
 * Whether the snapshot in `directory` still looks as it was made: every file there, with its size, modification time and
 * owner. Contents are not read again: that would cost as much as copying.
 */
export async function isIntact(directory: string, entries: readonly ProjectEntry[], owner: number): Promise<boolean> {
  try {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(directory, manifestName), "utf8")));
    return manifest.owner === owner && manifest.shape === (await shapeOf(join(directory, "tree"), entries));
  } catch {
    return false;
  }
}

async function shapeOf(tree: string, entries: readonly ProjectEntry[]): Promise<Digest> {
  const lines: string[] = [];
  const breathe = breather();
  for (const { path } of entries) {
    await breathe();
    const { size, mtimeMs } = lstatSync(join(tree, path));
    lines.push(JSON.stringify([path, size, mtimeMs]));
  }
  return digestOf(lines.join("\n"));
}
