import { link, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { crashPoint } from "#ports";

export type SweepRequest = {
  /** Of a `FileBlobs`. */
  directory: string;
  /** By the 64 hexadecimal digits of its SHA-256. */
  isReferred: (hex: string) => boolean;
  /** What was put later stays: whoever put it may be about to refer to it. Milliseconds since the Unix epoch. */
  putBefore: number;
  /** Only counts. */
  dryRun: boolean;
};

/**
 * Removes blobs that nothing refers to. Safe beside `FileBlobs.put`: a blob is first taken out of its place and looked at there. Whoever
 * puts it at the same time finds it gone and writes it anew, or has made it young before, and then it is put back.
 */
export async function sweepBlobs(request: SweepRequest): Promise<{ blobs: number; bytes: number }> {
  const swept = { blobs: 0, bytes: 0 };
  for (const folder of await namesIn(request.directory)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const name of await namesIn(join(request.directory, folder))) {
      if (!/^[0-9a-f]{62}$/.test(name) || request.isReferred(folder + name)) continue;
      const bytes = await removeOld(request, folder, name);
      if (bytes === undefined) continue;
      swept.blobs++;
      swept.bytes += bytes;
    }
  }
  return swept;
}

/** Its size if it was old and is gone now. */
async function removeOld(request: SweepRequest, folder: string, name: string): Promise<number | undefined> {
  const path = join(request.directory, folder, name);
  const found = await stat(path);
  if (found.mtimeMs >= request.putBefore) return undefined;
  if (request.dryRun) return found.size;
  // In the folder of what is unfinished, which is cleared of what a killed process left there.
  const aside = join(request.directory, "tmp", `swept-${folder}${name}`);
  await rename(path, aside);
  const now = await stat(aside);
  if (now.mtimeMs >= request.putBefore) {
    await link(aside, path).catch((error: NodeJS.ErrnoException) => {
      // It was put anew meanwhile.
      if (error.code !== "EEXIST") throw error;
    });
    await rm(aside);
    return undefined;
  }
  await rm(aside);
  crashPoint("prune-blob-removed");
  return now.size;
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
