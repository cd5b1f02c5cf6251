import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attemptName, runId } from "#domain";
import { scratch } from "../../test/support/scratch.ts";
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
