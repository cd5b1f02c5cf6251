// Runs inside the sandbox, in a screen: the project's folder as it was. What a candidate's tests leave there, or take away, must not
// decide what becomes of the next candidate.
import {
  chmodSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Beyond so many files, and so many bytes of them, only what is new is taken away again. */
const filesMax = 3_000;
const bytesMax = 32 * 1024 * 1024;
const foldersMax = 2_000;
const notLookedInto = new Set([".git", "node_modules"]);

/** Nothing but what was there when it was made is there after `restore`, and that as it was. Mounts from elsewhere are left alone. */
export class WorkspaceState {
  #folders = new Map();
  #files = new Map();

  constructor(root) {
    const { dev } = lstatSync(root);
    const waiting = [root];
    let bytes = 0;
    for (let folder = waiting.pop(); folder !== undefined && this.#folders.size < foldersMax; folder = waiting.pop()) {
      const found = stateOf(folder);
      const entries = listed(folder);
      if (found === undefined || found.dev !== dev) continue;
      this.#folders.set(folder, { mtime: found.mtime, names: new Set(entries.map(({ name }) => name)) });
      for (const entry of entries) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!notLookedInto.has(entry.name)) waiting.push(path);
        } else if (entry.isFile() || entry.isSymbolicLink()) {
          const state = stateOf(path);
          if (state !== undefined) this.#files.set(path, { state });
          bytes += state?.size ?? 0;
        }
      }
    }
    if (this.#files.size > filesMax || bytes > bytesMax) this.#files.clear();
    for (const [path, file] of this.#files) file.content = contentOf(path);
  }

  /** The paths of what it had to put right. */
  restore() {
    const restored = [];
    for (const [folder, known] of this.#folders) {
      const { mtime, names } = known;
      const found = stateOf(folder);
      if (found?.isFolder && found.mtime === mtime) continue;
      attempt(() => {
        if (found !== undefined && !found.isFolder) rmSync(folder);
        mkdirSync(folder, { recursive: true });
        for (const { name } of listed(folder)) {
          if (!names.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
        }
        setTime(folder, mtime);
        known.mtime = stateOf(folder).mtime;
      });
    }
    for (const [path, file] of this.#files) {
      if (file.content === undefined || isSame(stateOf(path), file.state)) continue;
      restored.push(path);
      attempt(() => {
        rmSync(path, { recursive: true, force: true });
        if (typeof file.content === "string") symlinkSync(file.content, path);
        else {
          writeFileSync(path, file.content);
          chmodSync(path, file.state.mode & 0o7777);
        }
        setTime(path, file.state.mtime);
        file.state = stateOf(path);
      });
    }
    return restored;
  }
}

/** An older time than the clock tells, so that the next change shows, however soon it comes. */
function setTime(path, mtime) {
  const seconds = Number(mtime) / 1e9;
  lutimesSync(path, seconds, seconds);
}

function stateOf(path) {
  const found = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (found === undefined) return undefined;
  return {
    dev: Number(found.dev),
    mode: Number(found.mode),
    size: Number(found.size),
    mtime: found.mtimeNs,
    ino: found.ino,
    isFolder: found.isDirectory(),
  };
}

function isSame(a, b) {
  return a !== undefined && a.mode === b.mode && a.size === b.size && a.mtime === b.mtime && a.ino === b.ino;
}

/** The target of a link, as text; the bytes of a file; nothing of what cannot be read. */
function contentOf(path) {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path);
  } catch {
    return undefined;
  }
}

function listed(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** What tests put out of reach stays as it is. */
function attempt(work) {
  try {
    work();
  } catch {
    // The next candidate may fail of it; what survives is tried again elsewhere.
  }
}
