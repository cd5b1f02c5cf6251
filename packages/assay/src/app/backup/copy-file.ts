import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { raise } from "#domain";

export type Copied = { hex: string; bytes: number };

/** Copies an ordinary file to a new one, safe on disk when it returns. A link is not followed. `undefined`: it is not there any more. */
export async function copyFile(from: string, to: string, mode: number): Promise<Copied | undefined> {
  await using source = await openFile(from);
  if (source === undefined) return undefined;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await using target = await open(to, "wx", mode);
  const copied = await readThrough(source, (part) => target.writeFile(part));
  await target.datasync();
  return copied;
}

/** SHA-256 of an ordinary file; `undefined`: there is none. */
export async function hashFile(path: string): Promise<Copied | undefined> {
  await using source = await openFile(path);
  // Awaited here: the file is closed when this scope ends.
  return source === undefined ? undefined : await readThrough(source);
}

async function readThrough(source: FileHandle, onPart?: (part: Buffer) => Promise<void>): Promise<Copied> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of source.createReadStream({ autoClose: false })) {
    const part = Buffer.from(chunk);
    hash.update(part);
    bytes += part.length;
    await onPart?.(part);
  }
  return { hex: hash.digest("hex"), bytes };
}

async function openFile(path: string) {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    return raise("workspace-failed", `${path} is no ordinary file`, "look at who made it");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
