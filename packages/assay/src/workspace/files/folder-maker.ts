import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { giveTo } from "../ownership.ts";

/** Makes each folder below `base` once, writable by its owner whatever the umask, and gives it to `uid`. */
export class FolderMaker {
  readonly #base: string;
  readonly #uid: number;
  readonly #made = new Map<string, Promise<void>>();

  constructor(base: string, uid: number) {
    this.#base = base;
    this.#uid = uid;
  }

  /** `folder` is relative to the base; `.` is the base itself, whose parent must exist. */
  make(folder: string): Promise<void> {
    const known = this.#made.get(folder);
    if (known !== undefined) return known;
    const making = this.#make(folder);
    this.#made.set(folder, making);
    return making;
  }

  async #make(folder: string): Promise<void> {
    if (folder !== ".") await this.make(dirname(folder));
    const path = join(this.#base, folder);
    try {
      await mkdir(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      return;
    }
    await chmod(path, 0o755);
    await giveTo(this.#uid, path);
  }
}
