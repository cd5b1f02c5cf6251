import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Digest } from "@assay/sdk";
import { raise } from "#domain";
import { crashPoint, digestOf } from "#ports";

/**
 * Writes a file so that it is there whole or not at all, also after `kill -9` and power loss, and returns its digest.
 * Missing parent directories are made. Throws a `FaultError`: `disk-full`, `state-not-writable`.
 */
export async function writeArtifact(path: string, content: Uint8Array | string): Promise<Digest> {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${process.pid}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await mkdir(directory, { recursive: true });
    await using file = await open(temporary, "wx", 0o644);
    await file.writeFile(content);
    await file.sync();
    await rename(temporary, path);
    await syncDirectory(directory);
  } catch (error) {
    // What went wrong first is what the person has to hear.
    await rm(temporary, { force: true }).catch(() => undefined);
    raiseWriteFault(path, error);
  }
  crashPoint("artifact-written");
  return digestOf(content);
}

/** Makes renames in a directory survive power loss. */
export async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory, "r");
  await handle.sync();
}

/** Turns what the file system said into a fault a person can act on. */
export function raiseWriteFault(path: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOSPC" || code === "EDQUOT") {
    raise("disk-full", `no space left to write ${path}`, "Free some space, then resume the run.");
  }
  if (typeof code === "string" && !code.startsWith("ERR_")) {
    raise("state-not-writable", `cannot write ${path} (${code})`, "Make the directory writable for this user.");
  }
  throw error;
}
