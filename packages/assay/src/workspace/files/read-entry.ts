import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { Digest } from "@assay/sdk";
import { digestOf } from "#ports";
import { projectBounds } from "../bounds.ts";

/** One thing of a project as it is copied. */
export type ProjectEntry =
  | { kind: "file"; path: string; executable: boolean; bytes: number; digest: Digest }
  | { kind: "link"; path: string; target: string };

export type ReadEntry =
  | { kind: "file"; entry: ProjectEntry & { kind: "file" }; content: Buffer }
  | { kind: "link"; entry: ProjectEntry & { kind: "link" } }
  | { kind: "excluded"; reason: string }
  /** Listed, but no longer there: deleted in the working tree. */
  | { kind: "gone" };

/**
 * Reads one path of a project without following a link out of `root`; what cannot be copied comes back with its reason.
 * Synchronous: for ten thousand small files the thread pool costs several times what the reading does.
 */
export function readEntry(root: string, path: string, directories: DirectoryCheck): ReadEntry {
  try {
    const full = join(root, path);
    const parents = directories.check(dirname(path));
    if (parents !== undefined) return { kind: "excluded", reason: parents };
    const found = lstatSync(full);
    if (found.isSymbolicLink()) return readLink(root, path);
    if (found.isDirectory()) return { kind: "excluded", reason: "a git repository of its own" };
    if (!found.isFile()) return { kind: "excluded", reason: "a socket, pipe or device" };
    if (found.size > projectBounds.fileBytesMax) return tooLarge;
    return readRegular(full, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      return path.includes("\ufffd") ? { kind: "excluded", reason: "its name is not UTF-8" } : { kind: "gone" };
    }
    if (code === "ENOTDIR") return { kind: "gone" };
    return { kind: "excluded", reason: `cannot be read: ${code ?? (error as Error).message}` };
  }
}

const tooLarge: ReadEntry = {
  kind: "excluded",
  reason: `larger than ${projectBounds.fileBytesMax / 1024 / 1024} MiB`,
};

function readRegular(full: string, path: string): ReadEntry {
  // Neither a link nor a pipe that took the file's place since can be followed or make this wait.
  const file = openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) return { kind: "excluded", reason: "a socket, pipe or device" };
    if (status.size > projectBounds.fileBytesMax) return tooLarge;
    const content = readFileSync(file);
    const executable = (status.mode & 0o111) !== 0;
    const entry = { kind: "file" as const, path, executable, bytes: content.length, digest: digestOf(content) };
    return { kind: "file", entry, content };
  } finally {
    closeSync(file);
  }
}

function readLink(root: string, path: string): ReadEntry {
  const full = join(root, path);
  const target = readlinkSync(full);
  const reached = reachedBy(full, target);
  if (reached !== root && !reached.startsWith(root + sep)) {
    return { kind: "excluded", reason: "a link out of the project" };
  }
  return { kind: "link", entry: { kind: "link", path, target } };
}

function reachedBy(full: string, target: string): string {
  try {
    return realpathSync(full);
  } catch {
    return resolve(dirname(full), target);
  }
}

/** Tells whether the folders above a path are folders and not links, asking the disk once for each. */
export class DirectoryCheck {
  readonly #root: string;
  readonly #known = new Map<string, string | undefined>([[".", undefined]]);

  constructor(root: string) {
    this.#root = root;
  }

  /** The reason why nothing below `folder` may be read, if there is one. Throws what `lstat` throws. */
  check(folder: string): string | undefined {
    if (this.#known.has(folder)) return this.#known.get(folder);
    const above = this.check(dirname(folder));
    const answer = above ?? (lstatSync(join(this.#root, folder)).isSymbolicLink() ? "below a link" : undefined);
    this.#known.set(folder, answer);
    return answer;
  }
}

/** The id git gives to this content, to compare it with a commit without running git's filters. */
export function gitBlobId(content: Uint8Array, idLength: number): string {
  const hash = createHash(idLength === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${content.length}\0`).update(content).digest("hex");
}
