import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Digest, digestSchema } from "@assay/sdk";
import { answersSignals } from "#ports";

const folderPattern = /^[0-9a-f]{2}$/;
const namePattern = /^[0-9a-f]{62}$/;
const temporaryPattern = /^(\d+)-[0-9a-f]{16}$/;

export type BlobsCheck = {
  intact: ReadonlySet<Digest>;
  /** Paths whose content is not what their name says, or that cannot be read. */
  damaged: string[];
  /** Written by processes that are gone. */
  leftover: string[];
};

/** Reads every blob of a directory and compares it with its name. A directory that is not there is empty. */
export async function checkBlobs(directory: string): Promise<BlobsCheck> {
  const intact = new Set<Digest>();
  const damaged: string[] = [];
  for (const folder of (await namesIn(directory)).filter((name) => folderPattern.test(name))) {
    for (const name of (await namesIn(join(directory, folder))).filter((each) => namePattern.test(each))) {
      const path = join(directory, folder, name);
      if ((await hashOf(path)) === folder + name) intact.add(digestSchema.parse(`sha256:${folder}${name}`));
      else damaged.push(path);
    }
  }
  return { intact, damaged, leftover: await leftovers(join(directory, "tmp")) };
}

/** Removes what `checkBlobs` found to be left over. */
export async function removeLeftovers({ leftover }: BlobsCheck): Promise<void> {
  for (const path of leftover) await rm(path, { force: true });
}

async function leftovers(folder: string): Promise<string[]> {
  const names = (await namesIn(folder)).filter((name) => {
    const pid = Number(temporaryPattern.exec(name)?.[1] ?? Number.NaN);
    return Number.isSafeInteger(pid) && pid > 0 && !answersSignals(pid);
  });
  return names.map((name) => join(folder, name));
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).toSorted();
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex");
  } catch {
    return undefined;
  }
}
