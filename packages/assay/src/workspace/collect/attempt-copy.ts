import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { CollectBounds, Collected, KeptCopy, Snapshot, WorkspaceMount } from "#ports";
import { removeAttemptDirectory } from "../attempt/attempt-directory.ts";
import { copyMethod } from "../attempt/copy-method.ts";
import { copyUnion } from "../attempt/copy-union.ts";
import { stateFault } from "../faults.ts";
import { collectChanges } from "./collect-changes.ts";

/** A whole copy of a snapshot in an attempt's folder. Never by hard links: a write would be one to the snapshot. */
export class AttemptCopy implements KeptCopy {
  readonly snapshot: Snapshot;
  readonly mount: WorkspaceMount & { method: "reflink" | "copy" };
  readonly #directory: string;

  private constructor(snapshot: Snapshot, directory: string, method: "reflink" | "copy") {
    this.snapshot = snapshot;
    this.mount = { target: snapshot.root, method, directory: join(directory, "copy") };
    this.#directory = directory;
  }

  /** `layers`: the snapshot's folder, and what is to be seen beside it. Rejects with what the disk says. */
  static async make(snapshot: Snapshot, directory: string, layers: readonly string[]): Promise<AttemptCopy> {
    await access(snapshot.directory);
    const method = (await copyMethod(snapshot, directory)) === "reflink" ? "reflink" : "copy";
    const made = new AttemptCopy(snapshot, directory, method);
    const edits = join(directory, "edits");
    await mkdir(edits);
    await copyUnion({ edits, lower: layers, removed: new Set() }, made.mount.directory, method);
    return made;
  }

  async collect(bounds: CollectBounds): Promise<Collected> {
    try {
      return await collectChanges(this.snapshot, this.mount.directory, bounds);
    } catch (error) {
      throw stateFault("collecting what was changed", error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What was collected counts more than the folder, which whoever opens or sweeps it next tries again to remove.
    await removeAttemptDirectory(this.#directory).catch(() => {});
  }
}
