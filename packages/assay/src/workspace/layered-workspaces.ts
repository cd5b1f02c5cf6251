import { randomBytes } from "node:crypto";
import { access } from "node:fs/promises";
import type { Edit } from "@assay/sdk";
import { type AttemptName, attemptName, runId } from "#domain";
import type {
  KeptCopies,
  KeptCopy,
  OpenOptions,
  RecentChanges,
  Revisions,
  Snapshot,
  Workspace,
  Workspaces,
} from "#ports";
import { makeAttemptDirectory } from "./attempt/attempt-directory.ts";
import { copyMethod } from "./attempt/copy-method.ts";
import { LayeredWorkspace } from "./attempt/layered-workspace.ts";
import { AttemptCopy } from "./collect/attempt-copy.ts";
import { stateFault } from "./faults.ts";
import { sandboxUid } from "./ownership.ts";
import { type ReverseHunk, reverseHunksSince } from "./recent/reverse-hunks-since.ts";
import { deriveSnapshot } from "./snapshot/derive-snapshot.ts";
import { gitLayer } from "./snapshot/git-layer.ts";
import { graftSnapshot } from "./snapshot/graft-snapshot.ts";
import { snapshotAt } from "./snapshot/snapshot-at.ts";
import { takeSnapshot } from "./snapshot/take-snapshot.ts";
import { sweep } from "./sweep.ts";
import { type AppliedToTree, applyToTree } from "./tree/apply-to-tree.ts";

export type LayeredWorkspacesOptions = {
  /** Absolute; holds `snapshots/` and `workspaces/`. Made if missing, with mode 0700. */
  stateDirectory: string;
  /** Whether the sandbox can mount an overlay here; if not, every mount is a copy. */
  overlay: boolean;
};

/** One immutable snapshot per content, and per attempt only the files it edited. */
export class LayeredWorkspaces implements Workspaces, RecentChanges, Revisions, KeptCopies {
  readonly #options: LayeredWorkspacesOptions;
  #swept: Promise<void> | undefined;

  constructor(options: LayeredWorkspacesOptions) {
    this.#options = options;
  }

  async snapshot(root: string): Promise<Snapshot> {
    await this.#sweepOnce();
    return takeSnapshot(this.#options.stateDirectory, root, this.#owner());
  }

  async open(snapshot: Snapshot, name: AttemptName, options: OpenOptions = {}): Promise<Workspace> {
    await this.#sweepOnce();
    const directory = await makeAttemptDirectory(this.#options.stateDirectory, name);
    try {
      await access(snapshot.directory);
      const method = this.#options.overlay ? "overlay" : await copyMethod(snapshot, directory);
      const parts = { directory, method } as const;
      if (options.withGit !== true) return new LayeredWorkspace(name, snapshot, parts);
      return new LayeredWorkspace(name, snapshot, { ...parts, gitLayer: await gitLayer(snapshot) });
    } catch (error) {
      throw stateFault(`opening the workspace ${name}`, error);
    }
  }

  async openCopy(snapshot: Snapshot, name: AttemptName, options: OpenOptions = {}): Promise<KeptCopy> {
    await this.#sweepOnce();
    const directory = await makeAttemptDirectory(this.#options.stateDirectory, name);
    try {
      const layer = options.withGit === true ? [await gitLayer(snapshot)] : [];
      return await AttemptCopy.make(snapshot, directory, [snapshot.directory, ...layer]);
    } catch (error) {
      throw stateFault(`copying the workspace ${name}`, error);
    }
  }

  async derive(snapshot: Snapshot, edits: readonly Edit[]): ReturnType<Workspaces["derive"]> {
    await this.#sweepOnce();
    const name = attemptName(runId(`derive-${randomBytes(8).toString("hex")}`), "union", "1");
    const directory = await makeAttemptDirectory(this.#options.stateDirectory, name);
    await using workspace = new LayeredWorkspace(name, snapshot, { directory, method: "copy" });
    const applied = await workspace.apply(edits);
    if (applied.kind === "failed") return applied;
    const derived = await deriveSnapshot(this.#options.stateDirectory, this.#owner(), snapshot, workspace.union());
    return { kind: "derived", snapshot: derived };
  }

  applyToTree(snapshot: Snapshot, diff: string): Promise<AppliedToTree> {
    return applyToTree(this.#options.stateDirectory, snapshot, diff);
  }

  reverseHunksSince(snapshot: Snapshot, revision: string): Promise<ReverseHunk[]> {
    return reverseHunksSince(snapshot, revision);
  }

  async snapshotAt(root: string, revision: string): Promise<Snapshot> {
    await this.#sweepOnce();
    return snapshotAt(this.#options.stateDirectory, root, this.#owner(), revision);
  }

  async graft(onto: Snapshot, from: Snapshot, paths: readonly string[]): Promise<Snapshot> {
    await this.#sweepOnce();
    return graftSnapshot(this.#options.stateDirectory, this.#owner(), onto, from, paths);
  }

  #sweepOnce(): Promise<void> {
    this.#swept ??= sweep(this.#options.stateDirectory);
    return this.#swept;
  }

  /** Without an overlay, files that stay root's can be linked: the sandbox's uid cannot write to them. */
  #owner(): number {
    return this.#options.overlay ? sandboxUid() : (process.getuid?.() ?? 0);
  }
}
