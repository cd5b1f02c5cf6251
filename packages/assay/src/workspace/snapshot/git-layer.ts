import { access, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { raise } from "#domain";
import type { Snapshot } from "#ports";
import { processTag } from "../files/process-tag.ts";
import { giveTo, sandboxUid } from "../ownership.ts";
import { ownGit } from "../safe-git.ts";

/**
 * A folder that holds only `.git`: a repository whose one commit is the snapshot, for tools of the project that ask git
 * for its files. Made once for each snapshot, with no history, remote or configuration of the project's.
 * Faults: `tool-missing` without git, `workspace-failed`.
 */
export async function gitLayer(snapshot: Snapshot): Promise<string> {
  const layer = join(dirname(snapshot.directory), "git-layer");
  if (await exists(layer)) return layer;
  const building = await mkdtemp(join(dirname(snapshot.directory), `git-building-${processTag()}-`));
  try {
    const data = join(building, ".git");
    await git(snapshot, data, ["init", "--quiet", "--template=", "--initial-branch=main"]);
    await git(snapshot, data, ["config", "--unset", "core.worktree"]);
    await git(snapshot, data, ["add", "--all", "--force", "."]);
    const commit = ["--quiet", "--allow-empty", "--no-verify", "--no-gpg-sign", "--message", "snapshot"];
    await git(snapshot, data, ["commit", ...commit]);
    await giveAll(building);
    await rename(building, layer).catch(async (error) => {
      // Another attempt made the same at the same time.
      if (!(await exists(layer))) throw error;
    });
    return layer;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function git({ directory }: Snapshot, data: string, args: readonly string[]): Promise<void> {
  const done = await ownGit(directory, data, args);
  if (done.kind === "absent") raise("tool-missing", "git is not installed", "install git: apt install git");
  // There is nothing to unset in some versions of git.
  if (done.kind === "failed" && args[0] !== "config") raise("workspace-failed", `git ${args[0]}: ${done.message}`);
}

async function giveAll(folder: string): Promise<void> {
  giveTo(sandboxUid(), folder);
  for (const name of await readdir(folder, { recursive: true })) giveTo(sandboxUid(), join(folder, name));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
