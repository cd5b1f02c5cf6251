import type { Digest, Edit, Fault, Isolation } from "@assay/sdk";
import type { AttemptName } from "#domain";
import type { WorkspaceMount } from "./sandbox.ts";

/** The project's files as they were when a run began: an immutable copy that nothing writes again. */
export type Snapshot = {
  /** Over the sorted list of path, mode and content digest: the base revision. */
  digest: Digest;
  /** The project's absolute path; the workspace appears there inside the sandbox too. */
  root: string;
  /** Host directory of the copy. */
  directory: string;
  /** Sorted project-relative POSIX paths of regular files. */
  files: readonly string[];
  /** The git commit checked out, where there is one, and whether the tree differed from it. */
  git?: { commit: string; dirty: boolean };
  /** Left out on purpose: secrets, sockets, links out of the root; with the reason, and git's mode and object where a commit was read. */
  excluded: readonly { path: string; reason: string; version?: string }[];
  /** What a person should know about how it was taken, e.g. that git is missing; absent when nothing. */
  notes?: readonly string[];
};

export type EditProblem = {
  path: string;
  /** E.g. `old_str occurs 3 times, expected exactly once`, `hunk 2 of 3: context not found`. */
  message: string;
  /** 1-based hunk number for a diff. */
  hunk?: number;
  /** Occurrences found, for an update. */
  found?: number;
};

export type ApplyResult =
  | { kind: "applied"; changed: readonly string[] }
  /** Nothing was changed. */
  | { kind: "failed"; problems: readonly EditProblem[] };

/** A candidate's view of the project: the snapshot plus its edits. */
export interface Workspace extends AsyncDisposable {
  readonly name: AttemptName;
  readonly method: Isolation["workspace"];
  readonly snapshot: Snapshot;
  /** All or none. Paths that leave the root, links and non-files are problems, never followed. */
  apply(edits: readonly Edit[]): Promise<ApplyResult>;
  /** The file's text as edited, BOM and line ends kept; `undefined` if there is none. */
  read(path: string): Promise<string | undefined>;
  /** What to hand to the sandbox. */
  mount(): Promise<WorkspaceMount>;
  /** Canonical unified diff against the snapshot (git's format, `a/` and `b/`), empty when nothing changed. */
  diff(): Promise<string>;
}

export type OpenOptions = {
  /** Also shows a `.git` with one commit, the snapshot's files, for tools that need git. Default: none is there. */
  withGit?: boolean;
};

/**
 * Copies of a project.
 * - `snapshot` never writes to `root`, never follows a link out of it, leaves out `.git`, `.assay`, secrets and ignored files.
 * - `open` gives a workspace whose place depends on `name` alone; opening it again after a crash starts it afresh.
 * - Disposing removes only what this workspace made, and never throws: what cannot be removed is left for the next to open it.
 * - Faults are thrown as `FaultError`: `not-a-project`, `workspace-failed`, `disk-full`, `state-not-writable`.
 */
export interface Workspaces {
  snapshot(root: string): Promise<Snapshot>;
  open(snapshot: Snapshot, name: AttemptName, options?: OpenOptions): Promise<Workspace>;
  /** The snapshot with edits applied, as a snapshot of its own at the same root. */
  derive(
    snapshot: Snapshot,
    edits: readonly Edit[],
  ): Promise<{ kind: "derived"; snapshot: Snapshot } | Extract<ApplyResult, { kind: "failed" }>>;
  /**
   * Writes the diff to the user's tree at `snapshot.root`, atomically for each file, all or none, only if the tree is still
   * at the base revision: its digest, taken as `snapshot` takes it before anything is written, is `snapshot.digest`. If not,
   * it is refused with the fault `tree-changed`, which names up to five files that differ.
   * - A tree that is the snapshot with the whole diff already is `applied`, and nothing is written.
   * - The same call after a crash finishes: what it had written by then counts as it was before. No call carries out
   *   what another one began, or one that was refused.
   * - Other faults: `patch-rejected`, `tree-not-writable`, `disk-full`, `state-not-writable`, `workspace-failed`.
   */
  applyToTree(
    snapshot: Snapshot,
    diff: string,
  ): Promise<{ kind: "applied"; changed: string[] } | { kind: "refused"; fault: Fault }>;
}

/** What may be taken over at most from a copy that somebody else wrote in. */
export type CollectBounds = {
  /** Files and folders of the copy that are looked at. */
  entriesMax: number;
  /** Changed files. */
  filesMax: number;
  /** Of one changed file. */
  fileBytesMax: number;
  /** Of all changed files together. */
  totalBytesMax: number;
};

/** A path and why it is not taken over. */
export type LeftPath = { path: string; reason: string };

/** What became of a copy's files. `left`: made there, but not a project's text file: links, pipes, dependencies, caches, secrets; at most 100. */
export type Collected =
  | { kind: "unchanged"; left: readonly LeftPath[] }
  /** `diff` is canonical (git's format) and turns the snapshot into what stands there, apart from what was left. */
  | { kind: "changed"; diff: string; changed: readonly string[]; left: readonly LeftPath[] }
  /** Nothing can be taken over: a bound is passed, or a file of the project became what no diff can tell. */
  | { kind: "refused"; problems: readonly LeftPath[] };

/** A copy of a project that outlives the command that wrote in it. */
export interface KeptCopy extends AsyncDisposable {
  readonly snapshot: Snapshot;
  /** To hand to the sandbox; every time the same files. */
  readonly mount: WorkspaceMount;
  /**
   * Compares its files with the snapshot's. To be asked when every process that could write there is gone. What is read was written by
   * somebody who is not trusted: no link is followed, nothing but regular files is opened. Throws a `FaultError` as `Workspaces` does.
   */
  collect(bounds: CollectBounds): Promise<Collected>;
}

/** Copies for those who write files themselves, e.g. an external agent. */
export interface KeptCopies {
  /** As `Workspaces.open`; no file of it is shared with the snapshot, whatever the sandbox can mount. */
  openCopy(snapshot: Snapshot, name: AttemptName, options?: OpenOptions): Promise<KeptCopy>;
}

/** A version-controlled project as it was. */
export interface Revisions {
  /**
   * The project as a commit has it: exactly its tracked files, at the same root, the working tree left alone. Git runs
   * without hooks, filters, submodules. Throws a `FaultError`: `usage` for an unknown revision, `not-a-project`, `tool-missing`.
   */
  snapshotAt(root: string, revision: string): Promise<Snapshot>;
  /** A tree with these paths as another tree has them, also where that has none. Everything else stays. */
  graft(onto: Snapshot, from: Snapshot, paths: readonly string[]): Promise<Snapshot>;
}

/** How one snapshot differs from another. */
export type SnapshotDifference = {
  /** Canonical unified diff (git's format); what is not text is named in `binary` and left out of it. */
  diff: string;
  /** Sorted. */
  changed: readonly { path: string; kind: "added" | "modified" | "deleted" }[];
  /** Changed files that are not UTF-8 text, and changed links. */
  binary: readonly string[];
};

/** What a version-controlled project went through lately. */
export interface RecentChanges {
  /**
   * The changes made since a revision of the project's git repository, each as an edit that takes back one hunk and
   * applies to the snapshot by itself: uncommitted ones first, then smaller ones, whole added or deleted files last; at
   * most 1,000. Throws a `FaultError`: `usage` for an unknown revision or one that too much changed since, `tool-missing`.
   */
  reverseHunksSince(snapshot: Snapshot, revision: string): Promise<{ summary: string; edit: Edit }[]>;
}
