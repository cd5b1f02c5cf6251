import { chmodSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { giveTo } from "../ownership.ts";

/** Makes each folder below `base` once, writable by its owner whatever the umask, and gives it to `uid`. */
export class FolderMaker {
  readonly #base: string;
  readonly #uid: number;
  readonly #made = new Set<string>();

  constructor(base: string, uid: number) {
    this.#base = base;
    this.#uid = uid;
  }

  /** `folder` is relative to the base; `.` is the base itself, whose parent must exist. */
  make(folder: string): void {
    if (this.#made.has(folder)) return;
    if (folder !== ".") this.make(dirname(folder));
    const path = join(this.#base, folder);
    try {
      mkdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      this.#made.add(folder);
      return;
    }
    chmodSync(path, 0o755);
    giveTo(this.#uid, path);
    this.#made.add(folder);
  }
}
