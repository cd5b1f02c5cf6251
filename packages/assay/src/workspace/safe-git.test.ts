import { chmod, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commitAll, git, scratch } from "../../test/support/scratch.ts";
import { LayeredWorkspaces } from "./layered-workspaces.ts";
import { safeGit } from "./safe-git.ts";

/** A repository that runs `spy` in every way its configuration and attributes can say. */
async function hostileRepository(root: string, spy: string, marks: string): Promise<void> {
  await writeFile(spy, `#!/bin/sh\necho "$0 $*" >> "${marks}/ran"\nexit 1\n`);
  await chmod(spy, 0o755);
  await writeFile(join(root, ".gitattributes"), "* filter=evil diff=evil merge=evil\n");
  await commitAll(root);
  const settings: Record<string, string> = {
    "core.fsmonitor": spy,
    "core.hooksPath": join(root, "hooks"),
    "core.pager": spy,
    "core.editor": spy,
    "core.askPass": spy,
    "core.sshCommand": spy,
    "core.gitProxy": spy,
    "core.alternateRefsCommand": spy,
    "credential.helper": spy,
    "filter.evil.clean": spy,
    "filter.evil.smudge": spy,
    "filter.evil.process": spy,
    "filter.evil.required": "true",
    "diff.evil.textconv": spy,
    "diff.evil.command": spy,
    "diff.external": spy,
    "merge.evil.driver": spy,
    "alias.ls-files": `!${spy}`,
    "alias.rev-parse": `!${spy}`,
    "gpg.program": spy,
    "pager.ls-files": spy,
    "pager.ls-tree": spy,
    "uploadpack.packObjectsHook": spy,
    "extensions.partialClone": "origin",
    "remote.origin.url": `ext::${spy} %S`,
    "remote.origin.promisor": "true",
    "protocol.ext.allow": "always",
  };
  for (const [key, value] of Object.entries(settings)) await git(root, "config", key, value);
  for (const hook of [
    "post-index-change",
    "post-checkout",
    "reference-transaction",
    "pre-auto-gc",
    "fsmonitor-watchman",
  ]) {
    await writeFile(join(root, ".git", "hooks", hook), `#!/bin/sh\nexec ${spy} ${hook}\n`, { mode: 0o755 });
  }
}

test("nothing that a repository's configuration, hooks and attributes name is executed", async () => {
  await using space = await scratch();
  const root = await space.tree("project", { "a.txt": "one\n", "b.txt": "two\n" });
  const marks = await space.tree("marks", {});
  await hostileRepository(root, join(space.path, "spy"), marks);
  await writeFile(join(root, "a.txt"), "changed\n");
  await writeFile(join(root, "new.txt"), "new\n");
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(space.path, "state"), overlay: true });

  const snapshot = await workspaces.snapshot(root);
  const hunks = await workspaces.reverseHunksSince(snapshot, "HEAD");

  expect(snapshot).toMatchObject({ files: [".gitattributes", "a.txt", "b.txt", "new.txt"], git: { dirty: true } });
  expect(hunks).toHaveLength(2);
  expect(await readdir(marks)).toEqual([]);
});

test("an object that is missing is not fetched by what the repository names", async () => {
  await using space = await scratch();
  const root = await space.tree("project", { "a.txt": "one\n" });
  const marks = await space.tree("marks", {});
  await hostileRepository(root, join(space.path, "spy"), marks);
  const read = await safeGit(root, "cat-file", ["-p", "1234567890123456789012345678901234567890"]);
  expect(read.kind).toBe("failed");
  expect(await readdir(marks)).toEqual([]);
});

test("the spy of these tests does run under plain git", async () => {
  await using space = await scratch();
  const root = await space.tree("project", { "a.txt": "one\n" });
  const marks = await space.tree("marks", {});
  await hostileRepository(root, join(space.path, "spy"), marks);
  await writeFile(join(root, "a.txt"), "changed\n");
  await git(root, "status").catch(() => {});
  expect(await readdir(marks)).toEqual(["ran"]);
});

test("a git that is not installed is told apart from one that fails", async () => {
  await using space = await scratch();
  const path = process.env.PATH;
  process.env.PATH = join(space.path, "empty");
  try {
    expect(await safeGit(space.path, "rev-parse", [])).toEqual({ kind: "absent" });
  } finally {
    process.env.PATH = path;
  }
  expect((await safeGit(space.path, "rev-parse", ["HEAD"])).kind).toBe("failed");
});

test("a git that the project itself brings is not run", async () => {
  await using space = await scratch();
  const root = await space.tree("project", { "bin/git": "", "node_modules/.bin/git": "", marks: "" });
  const path = process.env.PATH;
  for (const folder of [join(root, "bin"), join(root, "node_modules", ".bin"), "bin"]) {
    if (folder.startsWith("/")) {
      await writeFile(join(folder, "git"), `#!/bin/sh\necho ran > "${space.path}/ran"\n`);
      await chmod(join(folder, "git"), 0o755);
    }
    process.env.PATH = `${folder}:${path}`;
    try {
      await safeGit(root, "rev-parse", ["HEAD"]);
    } finally {
      process.env.PATH = path;
    }
  }
  expect(await readdir(space.path)).not.toContain("ran");
});
