import { closeSync, constants, lstatSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { CollectBounds, Collected, LeftPath, Snapshot } from "#ports";
import { applyEdits, type FilePatch, type FileState } from "#syntax";
import { filesBelow } from "../attempt/copy-union.ts";
import { formatDiff } from "../edits/format-diff.ts";
import { makeFilePatch } from "../edits/make-diff.ts";
import { readState } from "../files/read-state.ts";
import { type CopyEntry, listCopy } from "./list-copy.ts";

/**
 * What somebody made of a copy of the snapshot, as one diff. Deterministic given the files. Nothing of it is believed: kinds and sizes
 * are asked of the disk before a file is read, and the diff is applied to the snapshot before it is given out.
 */
export async function collectChanges(snapshot: Snapshot, directory: string, bounds: CollectBounds): Promise<Collected> {
  const before = await filesBelow(snapshot.directory);
  const links = new Set(before.filter(({ isLink }) => isLink).map(({ path }) => path));
  const known = new Set(before.map(({ path }) => path));
  // The repository is the one that was shown with the copy, if any: tools write to it, and nothing of it is a project's file.
  const aside = new Set([".git", ...snapshot.excluded.map(({ path }) => path).filter((path) => !known.has(path))]);
  const listing = listCopy(directory, { known, aside, entriesMax: bounds.entriesMax + before.length });
  if (listing.kind === "refused") return { kind: "refused", problems: [listing.problem] };
  const taken = new Taken(snapshot, directory, bounds);
  for (const path of [...new Set([...known, ...listing.entries.keys()])].sort()) {
    const entry = listing.entries.get(path);
    if (links.has(path)) taken.link(path, entry);
    else if (known.has(path)) await taken.known(path, entry);
    else if (entry !== undefined) await taken.added(path, entry);
    if (taken.problems.length >= problemsMax) break;
  }
  const left = [...listing.left, ...taken.left].slice(0, leftMax);
  if (taken.problems.length > 0) return { kind: "refused", problems: taken.problems };
  if (taken.patches.length === 0) return { kind: "unchanged", left };
  const diff = formatDiff(taken.patches);
  const applied = await applyEdits([{ kind: "diff", diff }], (path) => readState(snapshot.directory, path));
  if (applied.kind === "failed") {
    return { kind: "refused", problems: applied.problems.map(({ path, message }) => ({ path, reason: message })) };
  }
  return { kind: "changed", diff, changed: [...applied.changes.keys()].sort(), left };
}

const problemsMax = 20;
const leftMax = 100;

/** Compares path by path, within the bounds. */
class Taken {
  readonly patches: FilePatch[] = [];
  readonly problems: LeftPath[] = [];
  readonly left: LeftPath[] = [];
  readonly #snapshot: Snapshot;
  readonly #directory: string;
  readonly #bounds: CollectBounds;
  #bytes = 0;

  constructor(snapshot: Snapshot, directory: string, bounds: CollectBounds) {
    this.#snapshot = snapshot;
    this.#directory = directory;
    this.#bounds = bounds;
  }

  link(path: string, entry: CopyEntry | undefined): void {
    const target = (tree: string) => readlinkSync(join(tree, path), "buffer");
    const same = entry?.kind === "link" && target(this.#snapshot.directory).equals(target(this.#directory));
    if (!same) this.#refuse(path, "was a link and was changed, which no diff of text can tell");
  }

  async known(path: string, entry: CopyEntry | undefined): Promise<void> {
    if (entry !== undefined && entry.kind !== "file") {
      return this.#refuse(path, `was a file and is ${entry.kind === "link" ? "a link" : entry.what} now`);
    }
    if (entry !== undefined && this.#isAsBefore(path, entry)) return;
    const was = await readState(this.#snapshot.directory, path);
    if (was.kind !== "file" || was.state.text.includes("\0")) return this.#refuse(path, "is not text and was changed");
    if (entry === undefined) return this.#take(path, was.state, undefined, 0);
    if (entry.bytes > this.#bounds.fileBytesMax) return this.#tooLarge(path);
    const is = await readState(this.#directory, path);
    if (is.kind === "file" && !is.state.text.includes("\0")) this.#take(path, was.state, is.state, entry.bytes);
    else this.#refuse(path, `is no text any more: ${is.kind === "refused" ? is.reason : "it holds a NUL"}`);
  }

  async added(path: string, entry: CopyEntry): Promise<void> {
    if (entry.kind !== "file")
      return void this.left.push({ path, reason: entry.kind === "link" ? "a link" : entry.what });
    if (entry.bytes > this.#bounds.fileBytesMax) return this.#tooLarge(path);
    const is = await readState(this.#directory, path);
    if (is.kind === "file" && !is.state.text.includes("\0")) this.#take(path, undefined, is.state, entry.bytes);
    else this.left.push({ path, reason: is.kind === "refused" ? is.reason : "not text" });
  }

  #take(path: string, was: FileState | undefined, is: FileState | undefined, bytes: number): void {
    const { filesMax, totalBytesMax } = this.#bounds;
    if (was !== undefined && was.text === is?.text && was.executable === is.executable) return;
    this.#bytes += bytes;
    const patch = makeFilePatch(path, was, is);
    if (this.#bytes > totalBytesMax) this.#refuse(path, `changed files have more than ${totalBytesMax} bytes`);
    else if (this.patches.length >= filesMax) this.#refuse(path, `more than ${filesMax} files were changed`);
    else if (patch !== undefined) this.patches.push(patch);
  }

  #tooLarge(path: string): void {
    this.#refuse(path, `has more than ${this.#bounds.fileBytesMax} bytes`);
  }

  #refuse(path: string, reason: string): void {
    this.problems.push({ path, reason });
  }

  /** Sizes first: a file that was made larger than it was is never read here. */
  #isAsBefore(path: string, { bytes, executable }: { bytes: number; executable: boolean }): boolean {
    const full = join(this.#snapshot.directory, path);
    const status = lstatSync(full);
    if (status.size !== bytes || ((status.mode & 0o111) !== 0) !== executable) return false;
    const is = readPlain(join(this.#directory, path));
    return is !== undefined && readFileSync(full).equals(is);
  }
}

/** Not through a link, and without waiting for whoever would write to a pipe; `undefined` for what was closed to this user. */
function readPlain(path: string): Buffer | undefined {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
    return undefined;
  }
}
