import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Digest, digestSchema } from "@assay/sdk";
import { raise } from "#domain";
import { type Blobs, crashPoint, digestOf } from "#ports";
import { asStateFault } from "../state-fault.ts";

/** Of one blob. */
const blobBytesMax = 1024 * 1024 * 1024;
/** A temporary file this old belongs to nobody: the largest blob is written in seconds. */
const abandonedMs = 24 * 60 * 60 * 1000;
const sweptMax = 1000;

/**
 * Blobs as files named by their digest: `<directory>/ab/cdef…`, and `<directory>/tmp` for what is being written.
 * Faults: `receipt-mismatch` for a blob that no longer matches, `disk-full`, `state-not-writable`.
 */
export class FileBlobs implements Blobs {
  readonly #directory: string;
  #swept = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async put(content: Uint8Array | string): Promise<Digest> {
    const bytes = Buffer.from(content);
    if (bytes.length > blobBytesMax) throw new RangeError(`a blob of ${bytes.length} bytes is over ${blobBytesMax}`);
    const digest = digestOf(bytes);
    const path = this.#pathOf(digest);
    try {
      await this.#write(path, bytes);
    } catch (error) {
      throw asStateFault(error, path);
    }
    return digest;
  }

  async get(digest: Digest): Promise<Uint8Array | undefined> {
    const path = this.#pathOf(digest);
    const bytes = await readIfThere(path).catch((error) => {
      throw asStateFault(error, path);
    });
    if (bytes !== undefined && digestOf(bytes) !== digest) {
      raise(
        "receipt-mismatch",
        `stored content no longer matches its digest: ${path}`,
        "restore it from a copy, or run again",
      );
    }
    return bytes;
  }

  async #write(path: string, bytes: Buffer): Promise<void> {
    const folder = dirname(path);
    const existing = await readIfThere(path);
    // Another process may have renamed it without having reached its own sync of the folder: so sync it here too.
    if (existing?.equals(bytes) && (await makeYoung(path))) return syncFolder(folder);

    const temporary = join(this.#directory, "tmp", `${process.pid}-${randomBytes(8).toString("hex")}`);
    await this.#prepareTemporary(dirname(temporary));
    const firstMade = await mkdir(folder, { recursive: true });
    try {
      await writeSynced(temporary, bytes);
      crashPoint("blob-before-rename");
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
    crashPoint("blob-after-rename");
    await syncFolder(folder);
    if (firstMade !== undefined) await syncFolder(this.#directory);
  }

  /** Makes the folder for what is being written, and once clears it of what killed processes left. */
  async #prepareTemporary(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    if (this.#swept) return;
    this.#swept = true;
    for (const name of (await readdir(folder)).slice(0, sweptMax)) {
      const path = join(folder, name);
      // Another process may be sweeping the same.
      const { mtimeMs = Date.now() } = (await stat(path).catch(() => undefined)) ?? {};
      if (Date.now() - mtimeMs > abandonedMs) await rm(path, { force: true }).catch(() => undefined);
    }
  }

  #pathOf(digest: Digest): string {
    const hex = digestSchema.parse(digest).slice("sha256:".length);
    return join(this.#directory, hex.slice(0, 2), hex.slice(2));
  }
}

/** Tells whoever sweeps what nobody refers to that this was wanted just now; false where it is gone, or not ours to touch. */
async function makeYoung(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, "wx", 0o444);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Makes the names in a folder survive a power loss. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
