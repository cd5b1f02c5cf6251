import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type WorkFile, workDocumentBytesMax, workPathSchema } from "@assay/sdk";
import type { Blobs, Snapshot } from "#ports";

const filesMax = 50_000;
const bytesMax = 256 * 1024 * 1024;

/** A snapshot's files as they are named to workers, their contents kept in the store; `undefined` where they are too many or too much. */
export async function projectFiles(snapshot: Snapshot, blobs: Pick<Blobs, "put">): Promise<WorkFile[] | undefined> {
  if (snapshot.files.length > filesMax) return undefined;
  const files: WorkFile[] = [];
  let total = 0;
  for (const path of snapshot.files) {
    // A name that no worker may write to is none it can be sent.
    if (!workPathSchema.safeParse(path).success) continue;
    const place = join(snapshot.directory, path);
    const { mode, size } = await stat(place);
    total += size;
    if (size > workDocumentBytesMax || total > bytesMax) return undefined;
    const content = await readFile(place);
    const executable = (mode & 0o111) === 0 ? {} : { executable: true };
    files.push({ path, digest: await blobs.put(content), bytes: content.length, ...executable });
  }
  return files;
}
