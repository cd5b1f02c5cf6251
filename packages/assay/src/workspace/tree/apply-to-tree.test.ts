import { chmod, chown, lstat, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { git, readTree, scratch } from "../../../test/support/scratch.ts";
import { LayeredWorkspaces } from "../layered-workspaces.ts";
import { writeIntent } from "./intent.ts";
import { freshName } from "./prepare-file.ts";

const diff = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-1\n+2\n--- a/b.py\n+++ b/b.py\n@@ -1 +1 @@\n-1\n+2\n";

async function place() {
  const space = await scratch();
  const root = await space.tree("project", { "a.py": "1\n", "b.py": "1\n" });
  const state = join(space.path, "state");
  const workspaces = new LayeredWorkspaces({ stateDirectory: state, overlay: true });
  return { space, root, state, workspaces, snapshot: await workspaces.snapshot(root) };
}
const changeOf = (path: string, before: string, after: string) => ({
  path,
  before: { text: before, executable: false },
  after: { text: after, executable: false },
});

test("mode and owner of the user's files are kept, and no other file appears", async () => {
  const { space, root, workspaces } = await place();
  await using _ = space;
  await chmod(join(root, "a.py"), 0o4751);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(join(root, "a.py"), 1234, 1235);
  await chmod(join(root, "a.py"), 0o4751);
  const { uid, gid } = await lstat(join(root, "a.py"));
  await workspaces.applyToTree(await workspaces.snapshot(root), diff);
  const after = await lstat(join(root, "a.py"));
  expect([after.uid, after.gid, (after.mode & 0o7777).toString(8)]).toEqual([uid, gid, "4751"]);
  expect(await readdir(root)).toEqual(["a.py", "b.py"]);
});

test("a write that was cut off in the middle is finished by the next call with the same diff", async () => {
  const { space, root, state, workspaces, snapshot } = await place();
  await using _ = space;
  await writeIntent(state, {
    version: 1,
    root,
    changes: [changeOf("a.py", "1\n", "2\n"), changeOf("b.py", "1\n", "2\n")],
  });
  await writeFile(join(root, "a.py"), "2\n");
  expect(await workspaces.applyToTree(snapshot, diff)).toEqual({ kind: "applied", changed: ["a.py", "b.py"] });
  expect(await readTree(root)).toEqual({ "a.py": "2\n", "b.py": "2\n" });
  expect(await readdir(join(state, "apply"))).toEqual([]);
});

test("what another call began is not carried out: on the base revision its record is void", async () => {
  const { space, root, state, workspaces, snapshot } = await place();
  await using _ = space;
  await writeIntent(state, { version: 1, root, changes: [changeOf("a.py", "1\n", "other\n")] });
  expect((await workspaces.applyToTree(snapshot, diff)).kind).toBe("applied");
  expect(await readTree(root)).toEqual({ "a.py": "2\n", "b.py": "2\n" });
  expect(await readdir(join(state, "apply"))).toEqual([]);
});

test("a tree that another call has partly written is left to that call", async () => {
  const { space, root, state, workspaces, snapshot } = await place();
  await using _ = space;
  await writeIntent(state, { version: 1, root, changes: ["a.py", "b.py"].map((path) => changeOf(path, "1\n", "3\n")) });
  await writeFile(join(root, "a.py"), "3\n");
  expect(await workspaces.applyToTree(snapshot, diff)).toMatchObject({
    fault: { code: "tree-changed", message: expect.stringContaining("interrupted") },
  });
  expect(await readTree(root)).toEqual({ "a.py": "3\n", "b.py": "1\n" });
  expect((await workspaces.applyToTree(snapshot, diff.replaceAll("+2", "+3"))).kind).toBe("applied");
  expect(await readTree(root)).toEqual({ "a.py": "3\n", "b.py": "3\n" });
});

test("what a person did after a cut-off write is left alone and told once", async () => {
  const { space, root, state, workspaces, snapshot } = await place();
  await using _ = space;
  await writeIntent(state, { version: 1, root, changes: ["a.py", "b.py"].map((path) => changeOf(path, "1\n", "2\n")) });
  await writeFile(join(root, "a.py"), "mine\n");
  expect(await workspaces.applyToTree(snapshot, diff)).toMatchObject({
    fault: { code: "tree-changed", message: expect.stringContaining("interrupted") },
  });
  expect(await readTree(root)).toEqual({ "a.py": "mine\n", "b.py": "1\n" });
  expect(await readdir(join(state, "apply"))).toEqual([]);
});

test("a write that was cut off is not finished where another file has changed since", async () => {
  const { space, root, state, workspaces } = await place();
  await using _ = space;
  await space.tree("project", { "c.py": "1\n" });
  const snapshot = await workspaces.snapshot(root);
  await writeIntent(state, { version: 1, root, changes: ["a.py", "b.py"].map((path) => changeOf(path, "1\n", "2\n")) });
  await space.tree("project", { "a.py": "2\n", "c.py": "mine\n" });
  expect(await workspaces.applyToTree(snapshot, diff)).toMatchObject({
    fault: { code: "tree-changed", message: expect.stringMatching(/interrupted.*: c\.py$/) },
  });
  expect(await readTree(root)).toEqual({ "a.py": "2\n", "b.py": "1\n", "c.py": "mine\n" });
});

test("a write that fails is taken back and never made up for by a later one", async () => {
  const { space, root, state, workspaces, snapshot } = await place();
  await using _ = space;
  // A folder where the new content of b.py is to be written first.
  const fresh = freshName(root, "b.py");
  await mkdir(fresh);
  expect(await workspaces.applyToTree(snapshot, diff)).toMatchObject({ fault: { code: "tree-not-writable" } });
  expect(await readTree(root)).toEqual({ "a.py": "1\n", "b.py": "1\n" });
  expect(await readdir(join(state, "apply"))).toEqual([]);
  await rm(fresh, { recursive: true });
  const other = "--- /dev/null\n+++ b/n.py\n@@ -0,0 +1 @@\n+n\n";
  expect(await workspaces.applyToTree(snapshot, other)).toEqual({ kind: "applied", changed: ["n.py"] });
  expect(await readTree(root)).toEqual({ "a.py": "1\n", "b.py": "1\n", "n.py": "n\n" });
});

test("the record of a project that was copied writes neither to the copy nor to the original", async () => {
  const { space, root, state, workspaces, snapshot } = await place();
  await using _ = space;
  const original = await space.tree("original", { "a.py": "1\n", "b.py": "1\n" });
  const changes = ["a.py", "b.py"].map((path) => changeOf(path, "1\n", "2\n"));
  await writeIntent(state, { version: 1, root: original, changes });
  const other = diff.replaceAll("+2", "+3");
  expect((await workspaces.applyToTree(snapshot, other)).kind).toBe("applied");
  expect(await readTree(original)).toEqual({ "a.py": "1\n", "b.py": "1\n" });
  expect(await readTree(root)).toEqual({ "a.py": "3\n", "b.py": "3\n" });
});

test("a diff that changes what git ignores is finished and found applied", async () => {
  const { space, root, state, workspaces } = await place();
  await using _ = space;
  await space.tree("project", { ".gitignore": "*.log\n", "x.log": "", "y.txt": "" });
  await git(root, "init", "--quiet");
  const snapshot = await workspaces.snapshot(root);
  const ignoring = `--- a/.gitignore\n+++ b/.gitignore\n@@ -1 +1 @@\n-*.log\n+*.txt\n${diff}`;
  const changes = [changeOf(".gitignore", "*.log\n", "*.txt\n"), changeOf("a.py", "1\n", "2\n")];
  await writeIntent(state, { version: 1, root, changes: [...changes, changeOf("b.py", "1\n", "2\n")] });
  await writeFile(join(root, ".gitignore"), "*.txt\n");
  for (let time = 0; time < 2; time += 1) {
    expect((await workspaces.applyToTree(snapshot, ignoring)).kind).toBe("applied");
    expect(await readTree(root)).toMatchObject({ "a.py": "2\n", "b.py": "2\n" });
  }
});

test("what an interrupted write left beside its target is no file of the project", async () => {
  const { space, root, workspaces, snapshot } = await place();
  await using _ = space;
  await writeFile(freshName(root, "a.py"), "2\n");
  expect((await workspaces.snapshot(root)).digest).toBe(snapshot.digest);
});

test("a record that leaves the project or cannot be read writes nothing", async () => {
  const { space, root, state, workspaces, snapshot } = await place();
  await using _ = space;
  await space.tree("", { victim: "1\n" });
  for (const path of ["../victim", "/etc/x"]) {
    await writeIntent(state, { version: 1, root, changes: [changeOf(path, "1\n", "2\n")] });
    expect(await workspaces.applyToTree(snapshot, diff)).toMatchObject({ fault: { code: "workspace-failed" } });
  }
  expect(await readTree(root)).toEqual({ "a.py": "1\n", "b.py": "1\n" });
});

test("a file of mode 0755 that the diff makes plain loses only the right to execute", async () => {
  const { space, root, workspaces } = await place();
  await using _ = space;
  await chmod(join(root, "a.py"), 0o750);
  const snapshot = await workspaces.snapshot(root);
  await workspaces.applyToTree(snapshot, "diff --git a/a.py b/a.py\nold mode 100755\nnew mode 100644\n");
  expect(((await lstat(join(root, "a.py"))).mode & 0o777).toString(8)).toBe("640");
});
