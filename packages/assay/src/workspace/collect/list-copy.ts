import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { LeftPath } from "#ports";
import { alwaysExcluded, dependencyFolder } from "#syntax";
import { projectBounds } from "../bounds.ts";

/** What stands at a path of a copy; `other` says what it is. */
export type CopyEntry =
  | { kind: "file"; bytes: number; executable: boolean }
  | { kind: "link" }
  | { kind: "other"; what: string };

export type CopyListing =
  | { kind: "listed"; entries: ReadonlyMap<string, CopyEntry>; left: readonly LeftPath[] }
  | { kind: "refused"; problem: LeftPath };

export type ListOptions = {
  /** Files and links that the project has, wherever they lie. */
  known: ReadonlySet<string>;
  /** Project-relative paths that are not looked at, nor what is below them. */
  aside: ReadonlySet<string>;
  entriesMax: number;
};

/**
 * Lists a folder that somebody who is not trusted wrote in. Follows no link, looks into no dependencies, caches or repositories that the
 * project does not have itself. Synchronous, as reading a project is.
 */
export function listCopy(directory: string, { known, aside, entriesMax }: ListOptions): CopyListing {
  const entries = new Map<string, CopyEntry>();
  const left: LeftPath[] = [];
  const knownFolders = foldersOf(known);
  const folders = [""];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const listed = listFolder(directory, folder);
    if (typeof listed === "string") return { kind: "refused", problem: { path: folder, reason: listed } };
    for (const entry of listed) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      seen += 1;
      if (seen > entriesMax) {
        return { kind: "refused", problem: { path: folder, reason: `there are more than ${entriesMax} files` } };
      }
      if (aside.has(path)) continue;
      const expected = known.has(path) || knownFolders.has(path);
      const reason = expected ? undefined : whyLeft(path, entry);
      if (reason !== undefined) left.push({ path, reason });
      else if (entry.isDirectory()) folders.push(path);
      else entries.set(path, entryAt(directory, path));
    }
  }
  return { kind: "listed", entries, left };
}

/** Why something that the project did not have is not taken over; `undefined` for a file or folder that may be. */
function whyLeft(path: string, entry: Dirent): string | undefined {
  const excluded = alwaysExcluded(path);
  if (excluded !== undefined) return excluded;
  if (dependencyFolder(path) !== undefined) return "dependencies or caches";
  if (path.includes("\ufffd")) return "its name is not UTF-8";
  if (entry.isFile() || entry.isDirectory()) return undefined;
  return entry.isSymbolicLink() ? "a link" : whatIs(entry);
}

function entryAt(directory: string, path: string): CopyEntry {
  try {
    const status = lstatSync(join(directory, path));
    if (status.isSymbolicLink()) return { kind: "link" };
    if (status.isFile()) return { kind: "file", bytes: status.size, executable: (status.mode & 0o111) !== 0 };
    return { kind: "other", what: whatIs(status) };
  } catch (error) {
    // Its folder was closed to this user, after a fashion: names can be listed and nothing be asked about them.
    return { kind: "other", what: `closed (${(error as NodeJS.ErrnoException).code})` };
  }
}

function whatIs(status: Pick<Dirent, "isDirectory" | "isFIFO" | "isSocket" | "isSymbolicLink">): string {
  if (status.isDirectory()) return "a folder";
  if (status.isSymbolicLink()) return "a link";
  return status.isFIFO() ? "a named pipe" : status.isSocket() ? "a socket" : "a device";
}

/** The folder's entries, or why there are none. */
function listFolder(directory: string, folder: string): Dirent[] | string {
  const { directoryDepthMax } = projectBounds;
  if (folder.split("/").length > directoryDepthMax) return `nested more than ${directoryDepthMax} folders deep`;
  try {
    return readdirSync(join(directory, folder), { withFileTypes: true });
  } catch (error) {
    return `cannot be read: ${(error as NodeJS.ErrnoException).code}`;
  }
}

function foldersOf(paths: ReadonlySet<string>): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1))
      folders.add(path.slice(0, end));
  }
  return folders;
}
