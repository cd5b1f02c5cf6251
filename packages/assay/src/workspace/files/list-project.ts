import { alwaysExcluded, dependencyFolder } from "#syntax";
import { safeGit } from "../safe-git.ts";
import { walk } from "./walk.ts";

export type Exclusion = { path: string; reason: string; version?: string };

export type ProjectListing = {
  /** Sorted, unique; each may be anything on disk, or gone by now. */
  paths: string[];
  excluded: Exclusion[];
  /** The commit checked out and its files by path, where there is a usable repository with a commit. */
  commit?: { id: string; blobs: ReadonlyMap<string, string> };
  notes: string[];
};

/**
 * Says which paths make up the project at `root`: with git, what is tracked or neither tracked nor ignored, in this
 * folder only; without, everything but well-known dependency and cache folders. Executes nothing of the project.
 */
export async function listProject(root: string): Promise<ProjectListing> {
  const listed = await safeGit(root, "ls-files", ["-z", "-t", "--cached", "--others", "--exclude-standard"]);
  const found = listed.kind === "ok" ? parseListing(listed.stdout) : [];
  if (found.length > 0) {
    const commit = await headCommit(root);
    return { ...select(found), ...(commit && { commit }), notes: [] };
  }
  const { paths, excluded } = await walk(root);
  return { paths, excluded, notes: notesOn(listed) };
}

function notesOn(listed: Awaited<ReturnType<typeof safeGit>>): string[] {
  if (listed.kind === "absent") return ["git is not installed: ignored files cannot be told from others"];
  if (listed.kind === "ok") return ["git lists no file here: all files were taken"];
  if (/not a git repository/i.test(listed.message)) return [];
  return [`the git repository cannot be read (${listed.message}): all files were taken`];
}

type Listed = { path: string; tracked: boolean };

function parseListing(stdout: Buffer): Listed[] {
  const seen = new Map<string, boolean>();
  for (const line of stdout.toString("utf8").split("\0")) {
    const path = line.slice(2);
    if (path !== "") seen.set(path, seen.get(path) === true || line[0] !== "?");
  }
  return [...seen].map(([path, tracked]) => ({ path, tracked }));
}

function select(found: readonly Listed[]): Pick<ProjectListing, "paths" | "excluded"> {
  const paths: string[] = [];
  const excluded = new Map<string, string>();
  for (const { path, tracked } of found) {
    const reason = alwaysExcluded(path);
    const folder = tracked ? undefined : dependencyFolder(path);
    if (reason !== undefined) excluded.set(path, reason);
    else if (folder !== undefined) excluded.set(folder, "dependencies or caches");
    // Git names a folder only when it is a repository of its own.
    else if (path.endsWith("/")) excluded.set(path.slice(0, -1), "a git repository of its own");
    else paths.push(path);
  }
  return { paths: paths.sort(), excluded: [...excluded].map(([path, reason]) => ({ path, reason })) };
}

async function headCommit(root: string): Promise<ProjectListing["commit"]> {
  const head = await safeGit(root, "rev-parse", ["--verify", "--quiet", "--end-of-options", "HEAD^{commit}"]);
  if (head.kind !== "ok") return undefined;
  const id = head.stdout.toString().trim();
  const blobs = await blobsOf(root, id);
  return blobs && { id, blobs };
}

/** The blob ids by path of a commit's regular files below `root`, relative to it. */
export async function blobsOf(root: string, commit: string): Promise<Map<string, string> | undefined> {
  const tree = await safeGit(root, "ls-tree", ["-r", "-z", commit]);
  if (tree.kind !== "ok") return undefined;
  const blobs = new Map<string, string>();
  for (const line of tree.stdout.toString("utf8").split("\0")) {
    const match = /^100\d{3} blob ([0-9a-f]+)\t([\s\S]+)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) blobs.set(match[2], match[1]);
  }
  return blobs;
}
