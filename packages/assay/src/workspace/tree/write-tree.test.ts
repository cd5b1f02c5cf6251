import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "../../../test/support/scratch.ts";
import { readState } from "../files/read-state.ts";
import { writeTree } from "./write-tree.ts";

const state = (text: string) => ({ text, executable: false });

test("a failure after some files were written takes them back and names what it could not", async () => {
  await using space = await scratch();
  const root = await space.tree("project", { "a.py": "1\n", "c.py": "1\n" });
  await mkdir(join(root, "folder"));
  const written = await writeTree(root, [
    { path: "a.py", before: state("1\n"), after: state("2\n") },
    { path: "new/b.py", before: null, after: state("2\n") },
    { path: "c.py", before: state("1\n"), after: null },
    { path: "folder", before: state("1\n"), after: state("2\n") },
  ]);
  expect(written).toMatchObject({
    kind: "failed",
    remaining: ["folder"],
    error: { fault: { code: "tree-not-writable", message: expect.stringContaining("not restored: folder") } },
  });
  expect((await readdir(root, { recursive: true })).sort()).toEqual(["a.py", "c.py", "folder"]);
  for (const path of ["a.py", "c.py"]) expect(await readState(root, path)).toMatchObject({ state: state("1\n") });
});
