import { mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "../../../test/support/scratch.ts";
import { placeWithin } from "./place-within.ts";

test("a path is within a project where its folder is, links resolved, and it is neither a link itself nor git's or ours", async () => {
  await using space = await scratch();
  const root = await realpath(await space.tree("project", { "src/a.py": "", ".git/config": "", ".assay/x": "" }));
  const outside = join(space.path, "outside");
  await mkdir(outside);
  await writeFile(join(outside, "secret"), "");
  await symlink(outside, join(root, "out"));
  await symlink(join(outside, "secret"), join(root, "linked.py"));
  await symlink(join(root, "src"), join(root, "same"));
  for (const [path, place] of [
    ["src/new.py", "src/new.py"],
    ["new.py", "new.py"],
    ["src/../src/a.py", "src/a.py"],
    ["same/b.py", "src/b.py"],
  ] as const) {
    expect(await placeWithin(join(root, path), root)).toBe(join(root, place));
  }
  const foreign = [".", "..", "../x", "out/x", "linked.py", "nowhere/x", ".git", ".git/config", "src/.GIT", ".assay/x"];
  for (const path of foreign) expect([path, await placeWithin(`${root}/${path}`, root)]).toEqual([path, undefined]);
  expect(await placeWithin("src/a.py", root)).toBeUndefined();
});
