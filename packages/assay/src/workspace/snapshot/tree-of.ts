import { raise } from "#domain";
import { safeGit } from "../safe-git.ts";

export type TreeFile = { path: string; mode: string; id: string };

/** Everything a commit has below `root`, relative to it: files, links and submodules. */
export async function treeOf(root: string, commit: string): Promise<TreeFile[]> {
  const listed = await safeGit(root, "ls-tree", ["-r", "-z", commit]);
  if (listed.kind !== "ok") raise("workspace-failed", `git cannot list the files of ${commit}`);
  const files: TreeFile[] = [];
  for (const line of listed.stdout.toString("utf8").split("\0")) {
    const match = /^(?<mode>\d{6}) (?:blob|commit) (?<id>[0-9a-f]+)\t(?<path>[\s\S]+)$/.exec(line);
    const { mode, id, path } = match?.groups ?? {};
    if (mode !== undefined && id !== undefined && path !== undefined) files.push({ mode, id, path });
  }
  return files;
}
