import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scratch } from "../../test/support/scratch.ts";
import { Roots } from "./roots.ts";

describe("roots", () => {
  test("contain themselves and what is below them, and nothing that is only named alike", async () => {
    await using space = await scratch();
    const work = await space.tree("work", { "a/file": "" });
    await space.tree("workshop", { file: "" });
    const roots = await Roots.open([work]);
    expect(await roots.project(undefined)).toBe(work);
    expect(await roots.project("a")).toBe(join(work, "a"));
    expect(await roots.file("a/../a/file")).toBe(join(work, "a/file"));
    await expect(roots.file("../workshop/file")).rejects.toMatchObject({ fault: { code: "usage" } });
    expect(() => roots.refuseOutside(join(space.path, "workshop"))).toThrow("outside");
    roots.refuseOutside(join(work, "a"));
  });

  test("are not left by links, and links within them are followed", async () => {
    await using space = await scratch();
    const work = await space.tree("work", { "a/file": "" });
    const other = await space.tree("other", { "b/file": "" });
    await symlink(other, join(work, "out"));
    await symlink(join(work, "a"), join(work, "in"));
    const roots = await Roots.open([work]);
    await expect(roots.project("out/b")).rejects.toMatchObject({ fault: { code: "usage" } });
    expect(await roots.project("in")).toBe(join(work, "a"));
  });

  test("may be links themselves, named by either path", async () => {
    await using space = await scratch();
    const work = await space.tree("work", { "a/file": "" });
    const alias = join(space.path, "alias");
    await symlink(work, alias);
    const roots = await Roots.open([alias]);
    expect(await roots.project(join(alias, "a"))).toBe(join(work, "a"));
    expect(await roots.project(join(work, "a"))).toBe(join(work, "a"));
  });

  test("say the same of what is outside, whether it is there or not", async () => {
    await using space = await scratch();
    const roots = await Roots.open([await space.tree("work", {})]);
    await space.tree("there", {});
    const said = async (name: string) => {
      const error = await roots.project(join(space.path, name)).catch((caught: Error) => caught);
      return String(error).replace(name, "");
    };
    expect(await said("there")).toBe(await said("not-there"));
  });

  test("ask for a name where there are several of them", async () => {
    await using space = await scratch();
    const roots = await Roots.open([await space.tree("one", {}), await space.tree("two", {})]);
    await expect(roots.project(undefined)).rejects.toMatchObject({ fault: { code: "usage" } });
    expect(await roots.project(join(space.path, "two"))).toBe(join(space.path, "two"));
  });

  test("must be folders that are there", async () => {
    await using space = await scratch();
    const work = await space.tree("work", { file: "" });
    await expect(Roots.open([join(work, "none")])).rejects.toMatchObject({ fault: { code: "usage" } });
    await expect(Roots.open([join(work, "file")])).rejects.toMatchObject({ fault: { code: "usage" } });
  });
});
