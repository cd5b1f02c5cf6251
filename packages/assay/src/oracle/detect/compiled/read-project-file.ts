import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Snapshot } from "#ports";

const bytesMax = 1024 * 1024;

/** The beginning of a file of the snapshot; `undefined` when there is none. */
export async function readProjectFile(snapshot: Snapshot, file: string): Promise<string | undefined> {
  if (!snapshot.files.includes(file)) return undefined;
  await using handle = await open(join(snapshot.directory, file), "r");
  const buffer = Buffer.alloc(bytesMax);
  const { bytesRead } = await handle.read(buffer, 0, bytesMax, 0);
  return buffer.toString("utf8", 0, bytesRead);
}
