import { execFileSync } from "node:child_process";
import { chmod, link, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { attemptName, runId } from "#domain";
import type { CollectBounds, KeptCopy } from "#ports";
import { readTree, scratch } from "../../../test/support/scratch.ts";
import { LayeredWorkspaces } from "../layered-workspaces.ts";

const bounds: CollectBounds = { entriesMax: 100, filesMax: 5, fileBytesMax: 1_000, totalBytesMax: 2_000 };
const name = attemptName(runId("heal-0123456789"), "agent", "1");
const files = { "a.py": "1\n", "sub/b.py": "b\r\nc", "sub/empty.py": "", "logo.png": new Uint8Array([0, 255, 1]) };

/** Opens a copy of a project, lets `change` at its folder and says what is collected. */
async function collected(change: (copy: string, kept: KeptCopy) => Promise<unknown>, given = bounds) {
  await using space = await scratch();
  const root = await space.tree("project", files);
  await symlink("a.py", join(root, "known-link"));
  const workspaces = new LayeredWorkspaces({ stateDirectory: join(space.path, "state"), overlay: true });
  const snapshot = await workspaces.snapshot(root);
  const before = await readTree(snapshot.directory);
  await using kept = await workspaces.openCopy(snapshot, name);
  if (kept.mount.method === "overlay") throw new Error("not a copy");
  await change(kept.mount.directory, kept);
  const result = await kept.collect(given);
  expect(await readTree(snapshot.directory)).toEqual(before);
  if (result.kind !== "changed") return { result };
  const derived = await workspaces.derive(snapshot, [{ kind: "diff", diff: result.diff }]);
  if (derived.kind !== "derived") throw new Error("the diff does not apply");
  // What was left out may be a pipe, which nobody reads to its end.
  const after = result.left.length === 0 ? await readTree(kept.mount.directory) : undefined;
  return { result, after, applied: await readTree(derived.snapshot.directory) };
}

const refused = (path: string, reason: unknown) => ({ kind: "refused", problems: [{ path, reason }] });

test("an untouched copy is unchanged", async () => {
  expect((await collected(async () => {})).result).toEqual({ kind: "unchanged", left: [] });
});

test("writing to the copy in place leaves the snapshot as it is, and the diff makes of the snapshot what the copy is", async () => {
  const { result, after, applied } = await collected(async (copy) => {
    await writeFile(join(copy, "a.py"), "2\n");
    await rm(join(copy, "sub/empty.py"));
    await rename(join(copy, "sub/b.py"), join(copy, "sub/ü b.py"));
    await chmod(join(copy, "sub/ü b.py"), 0o755);
    await mkdir(join(copy, "new/folder"), { recursive: true });
    await writeFile(join(copy, "new/folder/n.py"), "no line end");
  });
  expect(result).toMatchObject({
    kind: "changed",
    changed: ["a.py", "new/folder/n.py", "sub/b.py", "sub/empty.py", "sub/ü b.py"],
    left: [],
  });
  expect(applied).toEqual(after);
});

test("whatever text is written, the collected diff makes the same tree", async () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "b", "\n", "\r\n", " ", "é", "\ufeff", "-", "+", "@@"),
    maxLength: 20,
  });
  const path = fc.constantFrom("a.py", "sub/b.py", "sub/empty.py", "x", "y z/x", "y z/-", "tab\tname");
  const change = fc.dictionary(path, fc.option(text), { maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(change, async (changes) => {
      const { result, after, applied } = await collected(async (copy) => {
        for (const [file, content] of Object.entries(changes)) {
          await mkdir(dirname(join(copy, file)), { recursive: true });
          if (content === null) await rm(join(copy, file), { force: true });
          else await writeFile(join(copy, file), content);
        }
      });
      expect(result.kind).not.toBe("refused");
      expect(applied).toEqual(after);
    }),
    { numRuns: 25 },
  );
});

test("links, pipes, dependencies, caches and what is not text are left out, with the reason", async () => {
  const { result, applied } = await collected(async (copy) => {
    await writeFile(join(copy, "a.py"), "2\n");
    await symlink("/etc/passwd", join(copy, "link"));
    await symlink("/etc", join(copy, "sub/folder"));
    execFileSync("mkfifo", [join(copy, "pipe")]);
    await mkdir(join(copy, "node_modules/x"), { recursive: true });
    await writeFile(join(copy, "node_modules/x/index.js"), "evil");
    await mkdir(join(copy, ".git/hooks"), { recursive: true });
    await writeFile(join(copy, ".git/hooks/post-checkout"), "evil");
    await mkdir(join(copy, "sub/.git"));
    await writeFile(join(copy, ".env"), "KEY=1");
    await writeFile(join(copy, "core"), new Uint8Array([0, 1]));
  });
  expect(result).toMatchObject({ kind: "changed", changed: ["a.py"] });
  expect(applied).toEqual({ ...(await expectedText()), "a.py": "2\n" });
  expect(
    Object.fromEntries((result.kind === "changed" ? result.left : []).map(({ path, reason }) => [path, reason])),
  ).toEqual({
    link: "a link",
    "sub/folder": "a link",
    pipe: "a named pipe",
    node_modules: "dependencies or caches",
    "sub/.git": "git's own data",
    ".env": "may hold secrets",
    core: "not text",
  });
});

async function expectedText() {
  const text = Object.entries(files).map(([path, content]) => [path, Buffer.from(content).toString("utf8")]);
  return { ...Object.fromEntries(text), "known-link": "-> a.py" };
}

test("a file of the project that became a link, a pipe, a folder or binary is refused, and nothing behind it is read", async () => {
  const replaced = (path: string, by: (full: string) => unknown) =>
    collected(async (copy) => {
      await rm(join(copy, path));
      await by(join(copy, path));
    });
  const reasons = async (path: string, by: (full: string) => unknown) => (await replaced(path, by)).result;
  expect(await reasons("a.py", (full) => symlink("/etc/passwd", full))).toEqual(
    refused("a.py", "was a file and is a link now"),
  );
  expect(await reasons("a.py", (full) => execFileSync("mkfifo", [full]))).toEqual(
    refused("a.py", "was a file and is a named pipe now"),
  );
  expect(await reasons("a.py", (full) => writeFile(full, "1\0"))).toEqual(
    refused("a.py", "is no text any more: it holds a NUL"),
  );
  expect(await reasons("logo.png", (full) => writeFile(full, "x"))).toEqual(
    refused("logo.png", "is not text and was changed"),
  );
  expect(await reasons("known-link", (full) => symlink("/etc/passwd", full))).toEqual(
    refused("known-link", expect.stringContaining("was a link")),
  );
  const folder = await collected(async (copy) => {
    await rename(join(copy, "sub"), join(copy, "moved"));
    await symlink("moved", join(copy, "sub"));
  });
  // What was below is gone from there and stands at its new place; the link itself is left out.
  expect(folder.result).toMatchObject({ kind: "changed", left: [{ path: "sub", reason: "a link" }] });
});

test("each bound refuses what passes it", async () => {
  const write = (path: string, bytes: number) => async (copy: string) => {
    await writeFile(join(copy, path), "");
    await truncate(join(copy, path), bytes);
  };
  expect((await collected(write("big", 1_000_000_000_000))).result).toEqual(refused("big", "has more than 1000 bytes"));
  expect((await collected(write("a.py", 1_001))).result).toEqual(refused("a.py", "has more than 1000 bytes"));
  const many = (count: number, content: string) => async (copy: string) => {
    for (let index = 0; index < count; index++) await writeFile(join(copy, `f${index}`), content);
  };
  expect((await collected(many(6, "x"))).result).toMatchObject(refused("f5", "more than 5 files were changed"));
  expect((await collected(many(3, "x".repeat(700)))).result).toMatchObject(
    refused("f2", "changed files have more than 2000 bytes"),
  );
  expect((await collected(many(200, ""))).result).toMatchObject(
    refused("", expect.stringContaining("there are more than")),
  );
  const deep = async (copy: string) => {
    await mkdir(join(copy, "d/".repeat(120)), { recursive: true });
  };
  expect((await collected(deep, { ...bounds, entriesMax: 200 })).result).toMatchObject({
    kind: "refused",
    problems: [{ reason: expect.stringContaining("deep") }],
  });
});

test("what an agent closed to an ordinary user is refused, not read around", async (context) => {
  if (process.getuid?.() === 0) context.skip("root can read every file");
  const closed = await collected((copy) => chmod(join(copy, "a.py"), 0o000));
  expect(closed.result).toEqual(refused("a.py", "is no text any more: cannot be read: EACCES"));
  const folder = await collected((copy) => chmod(join(copy, "sub"), 0o400));
  expect(folder.result).toMatchObject({ kind: "refused", problems: [{ path: "sub/b.py" }, { path: "sub/empty.py" }] });
});

test("a hard link inside the copy is a file like any other", async () => {
  const { result, applied } = await collected((copy) => link(join(copy, "a.py"), join(copy, "twin.py")));
  expect(result).toMatchObject({ changed: ["twin.py"] });
  expect(applied?.["twin.py"]).toBe("1\n");
});

test("two mounts show the same files, which go with the copy", async () => {
  let directory = "";
  await collected(async (copy, kept) => {
    directory = copy;
    expect(kept.mount).toBe(kept.mount);
    expect(await readFile(join(copy, "a.py"), "utf8")).toBe("1\n");
  });
  await expect(readFile(join(directory, "a.py"))).rejects.toThrow("ENOENT");
});
