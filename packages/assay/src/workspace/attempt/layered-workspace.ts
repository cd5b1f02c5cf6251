import { chmod, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Edit } from "@assay/sdk";
import type { AttemptName } from "#domain";
import type { ApplyResult, Snapshot, Workspace, WorkspaceMount } from "#ports";
import type { FileState, Found } from "#syntax";
import { applyEdits, pathProblem } from "#syntax";
import { formatDiff } from "../edits/format-diff.ts";
import { makeFilePatch } from "../edits/make-diff.ts";
import { stateFault } from "../faults.ts";
import { FolderMaker } from "../files/folder-maker.ts";
import { readState } from "../files/read-state.ts";
import { giveTo, sandboxUid } from "../ownership.ts";
import { removeAttemptDirectory } from "./attempt-directory.ts";
import { copyUnion, type Union } from "./copy-union.ts";

export type LayeredWorkspaceParts = {
  /** The attempt's own, just made. */
  directory: string;
  method: Workspace["method"];
  /** Goes below the snapshot. */
  gitLayer?: string;
};

/**
 * A snapshot under a small folder of edited files: opening one costs the same for ten files and for ten thousand.
 * Where there is no overlay, each `mount` copies the union of both, and the copies go with the workspace.
 */
export class LayeredWorkspace implements Workspace {
  readonly name: AttemptName;
  readonly method: Workspace["method"];
  readonly snapshot: Snapshot;
  readonly #directory: string;
  readonly #edits: string;
  readonly #lower: readonly string[];
  readonly #folders: FolderMaker;
  readonly #edited = new Set<string>();
  readonly #removed = new Set<string>();
  #mounts = 0;

  constructor(name: AttemptName, snapshot: Snapshot, { directory, method, gitLayer }: LayeredWorkspaceParts) {
    this.name = name;
    this.snapshot = snapshot;
    this.method = method;
    this.#directory = directory;
    this.#edits = join(directory, "edits");
    this.#lower = gitLayer === undefined ? [snapshot.directory] : [snapshot.directory, gitLayer];
    this.#folders = new FolderMaker(this.#edits, sandboxUid());
    this.#folders.make(".");
  }

  async apply(edits: readonly Edit[]): Promise<ApplyResult> {
    const applied = await applyEdits(edits, (path) => this.#find(path));
    if (applied.kind === "failed") return applied;
    try {
      for (const [path, state] of applied.changes) await this.#save(path, state);
    } catch (error) {
      throw stateFault("saving an edit", error);
    }
    return { kind: "applied", changed: [...applied.changes.keys()].sort() };
  }

  async read(path: string): Promise<string | undefined> {
    if (pathProblem(path) !== undefined) return undefined;
    const found = await this.#find(path);
    return found.kind === "file" ? found.state.text : undefined;
  }

  async mount(): Promise<WorkspaceMount> {
    const target = this.snapshot.root;
    if (this.method === "overlay") {
      const layers = [this.#edits, ...this.#lower];
      return { target, method: "overlay", layers, removed: [...this.#removed].sort() };
    }
    this.#mounts += 1;
    const directory = join(this.#directory, `copy-${this.#mounts}`);
    const union = this.union();
    try {
      await copyUnion(union, directory, this.method);
    } catch (error) {
      throw stateFault("copying the workspace", error);
    }
    return { target, method: this.method, directory };
  }

  /** What a mount shows, by where it comes from. */
  union(): Union {
    return { edits: this.#edits, lower: this.#lower, removed: this.#removed };
  }

  async diff(): Promise<string> {
    const patches = [];
    for (const path of [...this.#edited, ...this.#removed].sort()) {
      const before = await readState(this.snapshot.directory, path);
      const after = await this.#find(path);
      patches.push(makeFilePatch(path, stateOf(before), stateOf(after)));
    }
    return formatDiff(patches.filter((patch) => patch !== undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What was observed in the workspace counts more than its folder, which whoever opens or sweeps it next tries again to remove.
    await removeAttemptDirectory(this.#directory).catch(() => {});
  }

  async #find(path: string): Promise<Found> {
    if (this.#edited.has(path)) return readState(this.#edits, path);
    if (this.#removed.has(path)) return { kind: "absent" };
    const inSnapshot = await readState(this.snapshot.directory, path);
    if (inSnapshot.kind !== "absent") return inSnapshot;
    // Not in the snapshot: what was added may still stand in the way, as a folder or as a file above.
    return readState(this.#edits, path);
  }

  async #save(path: string, state: FileState | undefined): Promise<void> {
    const target = join(this.#edits, path);
    if (state === undefined) {
      await rm(target, { force: true });
      this.#edited.delete(path);
      if ((await readState(this.snapshot.directory, path)).kind !== "absent") this.#removed.add(path);
      return;
    }
    this.#folders.make(dirname(path));
    // Beside the layer, so that a crash leaves no stray file in it.
    const fresh = join(this.#directory, "saving");
    await writeFile(fresh, state.text);
    await chmod(fresh, state.executable ? 0o755 : 0o644);
    giveTo(sandboxUid(), fresh);
    await rename(fresh, target);
    this.#edited.add(path);
    this.#removed.delete(path);
  }
}

function stateOf(found: Found): FileState | undefined {
  return found.kind === "file" ? found.state : undefined;
}
