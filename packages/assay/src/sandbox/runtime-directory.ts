import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { raise } from "#domain";
import { removeLeftoverGroups } from "./cgroup/leftover-groups.ts";
import { startTimeOf } from "./supervise/process-table.ts";

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
  static create(): RuntimeDirectory {
    const tried: string[] = [];
    for (const parent of parents()) {
      try {
        mkdirSync(parent, { recursive: true, mode: 0o755 });
        if (!isOurs(parent)) throw new Error("it belongs to somebody else");
        removeLeftovers(parent);
        const path = join(parent, `${process.pid}-${startTimeOf(process.pid)}`);
        const own = new RuntimeDirectory(mkdtempSync(`${path}-`));
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

function parents(): string[] {
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

/** What killed processes left. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const [, pid, startTime] = ownName.exec(name) ?? [];
    if (pid !== undefined && startTimeOf(Number(pid)) !== startTime) removeWithGroups(join(parent, name));
  }
}

const ownName = /^(\d+)-(\d+)-\w{6}$/;
const exitRounds = 50;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** The folder goes last, for it knows of the groups; answers whether it is gone. */
function removeWithGroups(path: string): boolean {
  const [, pid, startTime] = ownName.exec(basename(path)) ?? [];
  if (!removeLeftoverGroups(path, `assay-${pid}-${startTime}-`)) return false;
  rmSync(path, { recursive: true, force: true });
  return true;
}
