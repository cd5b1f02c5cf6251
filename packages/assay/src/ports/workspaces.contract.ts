import { chmod, cp, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Edit } from "@assay/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attemptName, runId } from "#domain";
import { commitAll, readTree, type Scratch, scratch } from "../../test/support/scratch.ts";
import type { WorkspaceMount } from "./sandbox.ts";
import type { RecentChanges, Workspaces } from "./workspaces.ts";

/** What every implementation of `Workspaces` does; `make` gets an empty folder for its state. */
export function workspacesContract(title: string, make: (stateDirectory: string) => Workspaces & RecentChanges): void {
  const name = (attempt: string) => attemptName(runId("heal-0123456789"), "fix", attempt);
  const files = { "a.py": "one\ntwo\nthree\n", "sub/b.py": "b\n", "crlf.txt": "x\r\ny\r\n" };
  let space: Scratch;
  let root: string;
  let workspaces: Workspaces & RecentChanges;

  beforeEach(async () => {
    space = await scratch();
    root = await space.tree("project", files);
    workspaces = make(join(space.path, "state"));
  });
  afterEach(() => space[Symbol.asyncDispose]());

  /** The files as the sandbox sees them. */
  async function seen(mount: WorkspaceMount): Promise<Record<string, string>> {
    if (mount.method !== "overlay") return readTree(mount.directory);
    const union = join(space.path, "union");
    await rm(union, { recursive: true, force: true });
    for (const layer of mount.layers.toReversed()) await cp(layer, union, { recursive: true, verbatimSymlinks: true });
    for (const path of mount.removed) await rm(join(union, path));
    return readTree(union);
  }

  describe(`${title}: a workspace`, () => {
    test("shows the snapshot with its edits, and the user's tree stays as it was", async () => {
      await using workspace = await workspaces.open(await workspaces.snapshot(root), name("1"));
      const applied = await workspace.apply([
        { kind: "update", path: "a.py", oldStr: "two", newStr: "2" },
        { kind: "rewrite", path: "new dir/ñ.py", content: "new" },
        { kind: "diff", diff: "--- a/sub/b.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n" },
      ]);
      expect(applied).toEqual({ kind: "applied", changed: ["a.py", "new dir/ñ.py", "sub/b.py"] });
      const mount = await workspace.mount();
      expect(mount.target).toBe(root);
      expect(mount.method).toBe(workspace.method);
      expect(await seen(mount)).toEqual({
        "a.py": "one\n2\nthree\n",
        "crlf.txt": files["crlf.txt"],
        "new dir/ñ.py": "new",
      });
      expect(await workspace.read("a.py")).toBe("one\n2\nthree\n");
      expect(await workspace.read("sub/b.py")).toBeUndefined();
      expect(await readTree(root)).toEqual(files);
    });

    test("is not changed by edits of which one fails", async () => {
      await using workspace = await workspaces.open(await workspaces.snapshot(root), name("1"));
      const applied = await workspace.apply([
        { kind: "rewrite", path: "a.py", content: "" },
        { kind: "update", path: "sub/b.py", oldStr: "nope", newStr: "" },
      ]);
      expect(applied).toMatchObject({ kind: "failed", problems: [{ path: "sub/b.py", found: 0 }] });
      expect(await workspace.diff()).toBe("");
      expect(await seen(await workspace.mount())).toEqual(files);
    });

    test("edits neither through links nor outside nor folders nor what is not text", async () => {
      await symlink("sub", join(root, "link"));
      await symlink("a.py", join(root, "link.py"));
      await writeFile(join(root, "binary"), Buffer.from([0xff, 0xfe, 0x00]));
      await using workspace = await workspaces.open(await workspaces.snapshot(root), name("1"));
      const paths = ["link/b.py", "link/new.py", "link.py", "../x", "/tmp/x", ".git/config", "sub", "a.py/x", "binary"];
      for (const path of paths) {
        expect(await workspace.apply([{ kind: "rewrite", path, content: "x" }])).toMatchObject({
          kind: "failed",
          problems: [{ path, message: expect.any(String) }],
        });
      }
      expect(await workspace.diff()).toBe("");
      expect(await workspace.read("../project/a.py")).toBeUndefined();
    });

    test("tells as a diff what another workspace can apply to become equal", async () => {
      const snapshot = await workspaces.snapshot(root);
      await using one = await workspaces.open(snapshot, name("1"));
      await using other = await workspaces.open(snapshot, name("2"));
      await one.apply([
        { kind: "rewrite", path: "crlf.txt", content: "x\nz" },
        { kind: "rewrite", path: "new.py", content: "1\n" },
        { kind: "diff", diff: "--- a/a.py\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-one\n-two\n-three\n" },
      ]);
      const diff = await one.diff();
      expect(await other.apply([{ kind: "diff", diff }])).toMatchObject({ kind: "applied" });
      expect(await other.diff()).toBe(diff);
      expect(await seen(await other.mount())).toEqual({ "crlf.txt": "x\r\nz", "new.py": "1\n", "sub/b.py": "b\n" });
    });

    test("whose edits undo each other has no diff", async () => {
      await using workspace = await workspaces.open(await workspaces.snapshot(root), name("1"));
      await workspace.apply([{ kind: "diff", diff: "--- a/sub/b.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n" }]);
      await workspace.apply([{ kind: "rewrite", path: "sub/b.py", content: "b\n" }]);
      expect(await workspace.diff()).toBe("");
      await workspace.apply([{ kind: "rewrite", path: "new", content: "" }]);
      expect(await workspace.diff()).toContain("new file mode");
      await workspace.apply([{ kind: "diff", diff: await reversed(workspace.diff()) }]);
      expect(await seen(await workspace.mount())).toEqual(files);
    });

    test("that is opened again starts afresh, in the same place", async () => {
      const snapshot = await workspaces.snapshot(root);
      const first = await workspaces.open(snapshot, name("1"));
      await first.apply([{ kind: "rewrite", path: "a.py", content: "left over" }]);
      await using again = await workspaces.open(snapshot, name("1"));
      expect(await again.diff()).toBe("");
      expect(await seen(await again.mount())).toEqual(files);
    });

    test("leaves nothing when it is disposed, and disposes twice", async () => {
      const snapshot = await workspaces.snapshot(root);
      const workspace = await workspaces.open(snapshot, name("1"));
      await workspace.mount();
      await workspace[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
      expect(await readdir(join(space.path, "state", "workspaces"))).toEqual([]);
      expect(await readTree(snapshot.directory)).toEqual(files);
    });

    test("removes nothing that it did not make", async () => {
      const snapshot = await workspaces.snapshot(root);
      const foreign = await space.tree(join("state", "workspaces", name("1")), { precious: "x" });
      await expect(workspaces.open(snapshot, name("1"))).rejects.toMatchObject({ fault: { code: "workspace-failed" } });
      await symlink(foreign, join(space.path, "state", "workspaces", name("2")));
      await expect(workspaces.open(snapshot, name("2"))).rejects.toMatchObject({ fault: { code: "workspace-failed" } });
      expect(await readFile(join(foreign, "precious"), "utf8")).toBe("x");
    });

    test("whose maker died before it was marked is opened", async () => {
      await mkdir(join(space.path, "state", "workspaces", name("1")), { recursive: true });
      await using workspace = await workspaces.open(await workspaces.snapshot(root), name("1"));
      expect(await workspace.diff()).toBe("");
    });
  });

  describe(`${title}: a derived snapshot`, () => {
    test("is the snapshot with the edits, and the same as one of a project that looks so", async () => {
      const snapshot = await workspaces.snapshot(root);
      const edits: Edit[] = [
        { kind: "rewrite", path: "a.py", content: "new\n" },
        { kind: "diff", diff: "--- a/sub/b.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n" },
      ];
      const derived = await workspaces.derive(snapshot, edits);
      if (derived.kind === "failed") throw new Error("the edits do not apply");
      const same = await space.tree("same", { "a.py": "new\n", "crlf.txt": files["crlf.txt"] });
      expect(derived.snapshot).toMatchObject({ root, digest: (await workspaces.snapshot(same)).digest });
      expect(await readTree(derived.snapshot.directory)).toEqual(await readTree(same));
      await using workspace = await workspaces.open(derived.snapshot, name("1"));
      expect(await workspace.read("a.py")).toBe("new\n");
      expect(await readTree(snapshot.directory)).toEqual(files);
    });

    test("of edits that do not apply is none, with the problems", async () => {
      const edit: Edit = { kind: "update", path: "a.py", oldStr: "nope", newStr: "" };
      const derived = await workspaces.derive(await workspaces.snapshot(root), [edit]);
      expect(derived).toMatchObject({ kind: "failed", problems: [{ path: "a.py", found: 0 }] });
    });
  });

  describe(`${title}: the user's tree`, () => {
    const diff =
      "--- a/a.py\n+++ b/a.py\n@@ -2,1 +2,1 @@\n-two\n+2\n--- a/sub/b.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n--- /dev/null\n+++ b/n/w.py\n@@ -0,0 +1 @@\n+w\n";
    const after = { "a.py": "one\n2\nthree\n", "crlf.txt": files["crlf.txt"], "n/w.py": "w\n" };

    test("gets the diff, and a second time nothing more", async () => {
      const snapshot = await workspaces.snapshot(root);
      for (let time = 0; time < 2; time += 1) {
        const applied = await workspaces.applyToTree(snapshot, diff);
        expect(applied).toEqual({ kind: "applied", changed: ["a.py", "n/w.py", "sub/b.py"] });
        expect(await readTree(root)).toEqual(after);
      }
    });

    test("stays as it is when a file to be changed is not as in the snapshot, which is named", async () => {
      const snapshot = await workspaces.snapshot(root);
      const changes: [string, () => Promise<unknown>][] = [
        ["a.py", () => writeFile(join(root, "a.py"), "mine\n")],
        ["sub/b.py", () => rm(join(root, "sub", "b.py")).then(() => mkdir(join(root, "sub", "b.py")))],
        ["n/w.py", () => space.tree("project/n", { "w.py": "mine" })],
      ];
      for (const [path, change] of changes) {
        await rm(root, { recursive: true });
        await space.tree("project", files);
        await change();
        const before = await readTree(root);
        expect(await workspaces.applyToTree(snapshot, diff)).toMatchObject({
          kind: "refused",
          fault: { code: "tree-changed", message: expect.stringContaining(path), remedy: expect.any(String) },
        });
        expect(await readTree(root)).toEqual(before);
      }
    });

    test("stays as it is when any other file differs from the snapshot, of which up to five are named", async () => {
      const snapshot = await workspaces.snapshot(root);
      const changes: [string, () => Promise<unknown>][] = [
        ["crlf.txt", () => writeFile(join(root, "crlf.txt"), "mine")],
        ["crlf.txt", () => rm(join(root, "crlf.txt"))],
        ["crlf.txt", () => chmod(join(root, "crlf.txt"), 0o755)],
        ["extra.py", () => writeFile(join(root, "extra.py"), "mine")],
        [
          "0, 1, 2, 3, 4 and 1 more",
          () => space.tree("project", Object.fromEntries(Array.from("012345", (at) => [at, ""]))),
        ],
      ];
      for (const [named, change] of changes) {
        await rm(root, { recursive: true });
        await space.tree("project", files);
        await change();
        const before = await readTree(root);
        expect(await workspaces.applyToTree(snapshot, diff)).toMatchObject({
          kind: "refused",
          fault: { code: "tree-changed", message: expect.stringContaining(`: ${named}`), remedy: expect.any(String) },
        });
        expect(await readTree(root)).toEqual(before);
      }
    });

    test("is refused where a part of the diff is in it already, or it is gone", async () => {
      const snapshot = await workspaces.snapshot(root);
      await writeFile(join(root, "a.py"), after["a.py"]);
      expect(await workspaces.applyToTree(snapshot, diff)).toMatchObject({
        fault: { code: "tree-changed", message: expect.stringContaining("a.py") },
      });
      expect(await readTree(root)).toEqual({ ...files, "a.py": after["a.py"] });
      await rm(root, { recursive: true });
      expect(await workspaces.applyToTree(snapshot, diff)).toMatchObject({ fault: { code: "tree-changed" } });
    });

    test("is refused a diff that does not apply or leaves it", async () => {
      const snapshot = await workspaces.snapshot(root);
      const bad = ["nonsense", diff.replace("-two", "-four"), diff.replace("b/n/w.py", "b/../w.py")];
      for (const each of bad) {
        expect(await workspaces.applyToTree(snapshot, each)).toMatchObject({ fault: { code: "patch-rejected" } });
      }
      expect(await readTree(root)).toEqual(files);
    });

    test("is never written through a link", async () => {
      const snapshot = await workspaces.snapshot(root);
      const outside = await space.tree("outside", { "b.py": "b\n" });
      await rm(join(root, "sub"), { recursive: true });
      await symlink(outside, join(root, "sub"));
      expect(await workspaces.applyToTree(snapshot, diff)).toMatchObject({ fault: { code: "tree-changed" } });
      expect((await lstat(join(outside, "b.py"))).isFile()).toBe(true);
    });
  });

  describe(`${title}: recent changes`, () => {
    test("come as edits that take back one hunk each, and together all", async () => {
      const long = Array.from({ length: 30 }, (_, index) => `line ${index}\n`);
      await space.tree("project", { "a.py": long.join("") });
      await commitAll(root);
      await writeFile(join(root, "a.py"), long.with(2, "changed\n").with(25, "more\nlines\n").join(""));
      await writeFile(join(root, "added.py"), "x\n");
      await rm(join(root, "sub", "b.py"));
      const snapshot = await workspaces.snapshot(root);
      const hunks = await workspaces.reverseHunksSince(snapshot, "HEAD");
      expect(hunks.map(({ summary }) => /in (\S+)/.exec(summary)?.[1])).toEqual([
        "a.py",
        "a.py",
        "added.py",
        "sub/b.py",
      ]);
      await using all = await workspaces.open(snapshot, name("all"));
      for (const [index, { edit }] of hunks.entries()) {
        await using one = await workspaces.open(snapshot, name(`one-${index}`));
        expect(await one.apply([edit])).toMatchObject({ kind: "applied" });
        expect(await all.apply([edit])).toMatchObject({ kind: "applied" });
      }
      expect(await seen(await all.mount())).toEqual({ ...files, "a.py": long.join("") });
    });

    test("since a revision that is none, or looks like an option, are a fault", async () => {
      await commitAll(root);
      const snapshot = await workspaces.snapshot(root);
      for (const revision of ["nope", "--help", "", "HEAD:a.py"]) {
        await expect(workspaces.reverseHunksSince(snapshot, revision)).rejects.toMatchObject({
          fault: { code: "usage" },
        });
      }
    });
  });
}

/** The deletion of the one new empty file of a diff. */
async function reversed(diff: Promise<string>): Promise<string> {
  return (await diff).replace("new file mode", "deleted file mode");
}
