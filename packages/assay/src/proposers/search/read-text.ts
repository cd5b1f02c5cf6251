import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Snapshot } from "#ports";
import { sourceCharactersMax } from "#syntax";

/** A file of the snapshot, which is an immutable copy, so that reading it directly sees what the workspace shows. */
export async function readText(snapshot: Snapshot, file: string): Promise<string | undefined> {
  if (!snapshot.files.includes(file)) return undefined;
  try {
    const text = await readFile(join(snapshot.directory, file), "utf8");
    // Text that is not valid UTF-8 would not survive being written back.
    return text.length > sourceCharactersMax || text.includes("\uFFFD") ? undefined : text;
  } catch {
    return undefined;
  }
}
