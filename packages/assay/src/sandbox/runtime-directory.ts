import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { raise } from "#domain";
import { removeLeftoverGroups } from "./cgroup/leftover-groups.ts";
import { isGone, markOf, markText, ownMark } from "./process-mark.ts";

/**
 * A folder of this process for what its sandboxes need on the host: mount points, links to layers, small files that are
 * bound into them. Nothing of value is ever kept there, and folders that a killed process left are removed by the next one.
 */
export class RuntimeDirectory {
  readonly path: string;
  #launches = 0;

  private constructor(path: string) {
    this.path = path;
  }

  /** Throws a `FaultError`: `environment-broken` when no place for it can be written. */
  static create(parents = usualParents()): RuntimeDirectory {
    const tried: string[] = [];
    for (const parent of parents) {
      try {
        mkdirSync(parent, { recursive: true, mode: 0o755 });
        if (!isOurs(parent)) throw new Error("it belongs to somebody else");
        removeLeftovers(parent);
        const own = new RuntimeDirectory(mkdtempSync(join(parent, `${markText(ownMark())}-`)));
        // Readable for the unprivileged uid; mkdtemp makes it 0700. Names inside tell nothing.
        chmodSync(own.path, 0o755);
        process.once("exit", () => own.remove());
        return own;
      } catch (error) {
        tried.push(`${parent}: ${(error as Error).message}`);
      }
    }
    return raise(
      "environment-broken",
      `no folder for the sandbox's mount points can be made (${tried.join("; ")})`,
      "set XDG_RUNTIME_DIR or TMPDIR to a folder that you can write",
    );
  }

  /** A fresh empty folder for one launch. */
  launchFolder(): string {
    return this.folder(String(++this.#launches));
  }

  folder(name: string): string {
    const path = join(this.path, name);
    mkdirSync(path, { mode: 0o755 });
    return path;
  }

  /** Writes a small file that everybody may read; returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content, { mode: 0o644 });
    return path;
  }

  /** Removes it with its process's cgroups; left to the next start while one of those still has a process in it. */
  remove(): void {
    for (let round = 0; round < exitRounds; round++) {
      if (removeWithGroups(this.path)) return;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}

function usualParents(): string[] {
  const uid = process.getuid?.() ?? 0;
  const places = uid === 0 ? ["/run/assay"] : [];
  if (uid !== 0 && process.env.XDG_RUNTIME_DIR) places.push(join(process.env.XDG_RUNTIME_DIR, "assay"));
  return [...places, join(tmpdir(), `assay-${uid}`)];
}

/** In a folder that all may write, somebody else could have made it first, or have put a link there. */
function isOurs(path: string): boolean {
  const status = lstatSync(path);
  return status.isDirectory() && status.uid === (process.getuid?.() ?? status.uid) && (status.mode & 0o022) === 0;
}

/** What killed processes left, as far as it can be removed: another Assay may be doing the same, and none of it keeps this one from starting. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const mark = markOf(name);
    if (mark === undefined || !isGone(mark)) continue;
    try {
      removeWithGroups(join(parent, name));
    } catch {
      // Tried again at the next start.
    }
  }
}

const exitRounds = 50;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** The folder goes last, for it knows of the groups; answers whether it is gone. */
function removeWithGroups(path: string): boolean {
  const mark = markOf(basename(path));
  if (mark !== undefined && !removeLeftoverGroups(path, `assay-${markText(mark)}-`)) return false;
  rmSync(path, { recursive: true, force: true });
  return true;
}
