import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { join } from "node:path";
import { decodeText, type Found } from "#syntax";
import { projectBounds } from "../bounds.ts";

/** Reads a path of a tree for editing, following no link on the way; what is no text file comes back `refused`. */
export async function readState(tree: string, path: string): Promise<Found> {
  const parts = path.split("/");
  try {
    for (let depth = 1; depth < parts.length; depth += 1) {
      const above = parts.slice(0, depth).join("/");
      const status = await lstat(join(tree, above));
      if (status.isSymbolicLink()) return { kind: "refused", reason: `${above} is a link` };
      if (!status.isDirectory()) return { kind: "refused", reason: `${above} is a file, not a folder` };
    }
    const status = await lstat(join(tree, path));
    if (status.isSymbolicLink()) return { kind: "refused", reason: "a link" };
    if (status.isDirectory()) return { kind: "refused", reason: "a folder" };
    if (!status.isFile()) return { kind: "refused", reason: "not a regular file" };
    if (status.size > projectBounds.fileBytesMax) return { kind: "refused", reason: "larger than can be edited" };
    return await readText(join(tree, path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { kind: "absent" };
    if (code === "ENAMETOOLONG") return { kind: "refused", reason: "the path is too long" };
    if (code === "EACCES" || code === "ELOOP") return { kind: "refused", reason: `cannot be read: ${code}` };
    throw error;
  }
}

async function readText(full: string): Promise<Found> {
  const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = await file.stat();
    const text = decodeText(await file.readFile());
    if (text === undefined) return { kind: "refused", reason: "not UTF-8 text" };
    return { kind: "file", state: { text, executable: (status.mode & 0o111) !== 0 } };
  } finally {
    await file.close();
  }
}
