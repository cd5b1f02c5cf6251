import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attemptName, runId } from "#domain";
import { commitAll, git, scratch } from "../../test/support/scratch.ts";
import { workspacesContract } from "../ports/workspaces.contract.ts";
import { LayeredWorkspaces } from "./layered-workspaces.ts";
import { sandboxUid } from "./ownership.ts";

workspacesContract("with overlay", (stateDirectory) => new LayeredWorkspaces({ stateDirectory, overlay: true }));
workspacesContract("without overlay", (stateDirectory) => new LayeredWorkspaces({ stateDirectory, overlay: false }));

const name = attemptName(runId("heal-0123456789"), "fix", "1");

test("a workspace with overlay holds nothing but its edits", async () => {
  await using space = await scratch();
  const root = await space.tree("project", { "a.py": "1", "b.py": "2" });
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(space.path, "state"), overlay: true });
  await using workspace = await workspaces.open(await workspaces.snapshot(root), name);
  await workspace.apply([{ kind: "rewrite", path: "sub/c.py", content: "3" }]);
  const mount = await workspace.mount();
  if (mount.method !== "overlay") throw new Error("not an overlay");
  const [edits = ""] = mount.layers;
  expect(await readdir(edits, { recursive: true })).toEqual(["sub", "sub/c.py"]);
  for (const path of [".", "sub", "sub/c.py"]) expect((await lstat(join(edits, path))).uid).toBe(sandboxUid());
});

test("files that the sandbox's user could write in place are never linked into a copy", async () => {
  await using space = await scratch();
  const root = await space.tree("project", { "a.py": "1" });
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(space.path, "state"), overlay: false });
  await using workspace = await workspaces.open(await workspaces.snapshot(root), name);
  const mount = await workspace.mount();
  if (mount.method === "overlay") throw new Error("not a copy");
  const file = await lstat(join(mount.directory, "a.py"));
  expect(file.nlink > 1).toBe(mount.method === "hardlink");
  expect(file.nlink > 1 && file.uid === sandboxUid()).toBe(false);
  expect((await lstat(mount.directory)).uid).toBe(sandboxUid());
});

test("each mount without overlay is a copy of its own", async () => {
  await using space = await scratch();
  const root = await space.tree("project", { "a.py": "1" });
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(space.path, "state"), overlay: false });
  await using workspace = await workspaces.open(await workspaces.snapshot(root), name);
  expect(await workspace.mount()).not.toEqual(await workspace.mount());
});

test("a snapshot taken for links is taken again for an overlay, whose files the sandbox's user must own", async () => {
  await using space = await scratch();
  const root = await space.tree("project", { "a.py": "1" });
  const stateDirectory = join(space.path, "state");
  const linked = await new LayeredWorkspaces({ stateDirectory, overlay: false }).snapshot(root);
  const layered = await new LayeredWorkspaces({ stateDirectory, overlay: true }).snapshot(root);
  expect(layered.digest).toBe(linked.digest);
  expect((await lstat(join(layered.directory, "a.py"))).uid).toBe(sandboxUid());
});

test("a workspace with git shows one commit with all of the snapshot and nothing of the project's repository", async () => {
  await using space = await scratch();
  const root = await space.tree("project", {
    "a.py": "1",
    ".gitignore": "*.log\n",
    ".gitattributes": "* filter=evil\n",
  });
  await commitAll(root);
  await git(root, "config", "filter.evil.clean", `touch ${space.path}/ran`);
  await git(root, "config", "filter.evil.required", "true");
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(space.path, "state"), overlay: false });
  const snapshot = await workspaces.snapshot(root);
  await using workspace = await workspaces.open(snapshot, name, { withGit: true });
  await workspace.apply([{ kind: "rewrite", path: "a.py", content: "2" }]);
  const mount = await workspace.mount();
  if (mount.method === "overlay") throw new Error("not a copy");
  const inside = (...args: string[]) => git(mount.directory, "-c", "safe.directory=*", ...args);
  expect(await inside("log", "--format=%an %s")).toBe("Assay snapshot\n");
  expect((await inside("ls-files")).split("\n")).toEqual([...snapshot.files, ""]);
  expect(await inside("status", "--short")).toBe(" M a.py\n");
  expect(await inside("config", "--local", "--list")).not.toContain("evil");
  expect(await readdir(space.path)).not.toContain("ran");
  await using other = await workspaces.open(snapshot, attemptName(runId("heal-0123456789"), "fix", "2"), {
    withGit: true,
  });
  const again = await other.mount();
  if (again.method === "overlay") throw new Error("not a copy");
  expect(await git(again.directory, "-c", "safe.directory=*", "rev-parse", "HEAD")).toBe(
    await inside("rev-parse", "HEAD"),
  );
});
