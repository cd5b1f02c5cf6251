import { chmod, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commitAll, git, readTree, scratch } from "../../../test/support/scratch.ts";
import { differenceOf } from "../edits/difference-of.ts";
import { listHunks } from "../edits/list-hunks.ts";
import { LayeredWorkspaces } from "../layered-workspaces.ts";

const files = {
  "a.py": "one\n",
  "tests/test_a.py": "test\n",
  "bin/run": "#!/bin/sh\n",
  "data.bin": new Uint8Array([0, 1]),
};

async function repository() {
  const folder = await scratch();
  const root = await folder.tree("project", files);
  await chmod(join(root, "bin/run"), 0o755);
  await git(root, "init", "--quiet");
  await commitAll(root);
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(folder.path, "state"), overlay: true });
  return { root, workspaces, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

describe("snapshotAt", () => {
  test("has the commit's files and nothing of the working tree", async () => {
    await using project = await repository();
    const { root, workspaces } = project;
    const clean = await workspaces.snapshot(root);
    await writeFile(join(root, "a.py"), "dirty\n");
    await writeFile(join(root, "new.py"), "new\n");
    await rm(join(root, "data.bin"));
    const committed = await workspaces.snapshotAt(root, "HEAD");
    expect(committed.digest).toBe(clean.digest);
    expect(committed.git).toEqual({ commit: (await git(root, "rev-parse", "HEAD")).trim(), dirty: false });
    expect(committed.files).toEqual(["a.py", "bin/run", "data.bin", "tests/test_a.py"]);
    expect(await readFile(join(committed.directory, "a.py"), "utf8")).toBe("one\n");
  });

  test("is below the folder that is asked for, without links that lead out and without secrets", async () => {
    await using project = await repository();
    const { root, workspaces } = project;
    await symlink("../../outside", join(root, "tests/out"));
    await symlink("test_a.py", join(root, "tests/in"));
    await writeFile(join(root, "tests/.env"), "KEY=1\n");
    await git(root, "add", "--all", "--force");
    await commitAll(root);
    const below = await workspaces.snapshotAt(join(root, "tests"), "HEAD");
    expect(Object.keys(await readTree(below.directory)).sort()).toEqual(["in", "test_a.py"]);
    expect(below.excluded.map(({ path }) => path).sort()).toEqual([".env", "out"]);
  });

  test("refuses unknown revisions, options in disguise and folders without git", async () => {
    await using project = await repository();
    const { root, workspaces } = project;
    await expect(workspaces.snapshotAt(root, "nowhere")).rejects.toMatchObject({ fault: { code: "usage" } });
    await expect(workspaces.snapshotAt(root, "--all")).rejects.toMatchObject({ fault: { code: "usage" } });
    await using other = await scratch();
    await expect(workspaces.snapshotAt(other.path, "HEAD")).rejects.toMatchObject({ fault: { code: "not-a-project" } });
  });
});

describe("two snapshots", () => {
  test("differ by text, mode, link and bytes, and can be grafted", async () => {
    await using project = await repository();
    const { root, workspaces } = project;
    const base = await workspaces.snapshotAt(root, "HEAD");
    await writeFile(join(root, "a.py"), "two\n");
    await writeFile(join(root, "data.bin"), new Uint8Array([0, 2]));
    await rm(join(root, "tests/test_a.py"));
    await writeFile(join(root, "tests/test_b.py"), "more\n");
    const head = await workspaces.snapshot(root);

    const { diff, changed, binary } = await differenceOf(base, head);
    expect(changed).toEqual([
      { path: "a.py", kind: "modified" },
      { path: "data.bin", kind: "modified" },
      { path: "tests/test_a.py", kind: "deleted" },
      { path: "tests/test_b.py", kind: "added" },
    ]);
    expect(binary).toEqual(["data.bin"]);
    expect(listHunks(diff).map(({ file, line, lines, whole }) => [file, line, lines, whole])).toEqual([
      ["a.py", 1, 2, false],
      ["tests/test_a.py", 1, 1, true],
      ["tests/test_b.py", 1, 1, true],
    ]);
    expect((await differenceOf(base, base)).changed).toEqual([]);

    const grafted = await workspaces.graft(base, head, ["tests/test_a.py", "tests/test_b.py", "data.bin"]);
    const tree = await readTree(grafted.directory);
    expect(Object.keys(tree).sort()).toEqual(["a.py", "bin/run", "data.bin", "tests/test_b.py"]);
    expect(await readFile(join(grafted.directory, "a.py"), "utf8")).toBe("one\n");
    expect(
      (
        await workspaces.graft(
          base,
          head,
          changed.map(({ path }) => path),
        )
      ).digest,
    ).toBe(head.digest);
    expect((await workspaces.graft(base, head, [])).digest).toBe(base.digest);
  });
});
