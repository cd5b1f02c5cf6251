import { spawnSync } from "node:child_process";
import { chmod, chown, lstat, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, type TestContext, test } from "vitest";
import { git, readTree, scratch } from "../support/scratch.ts";

const steps = join(import.meta.dirname, "..", "support", "workspace-steps.ts");
const isRoot = process.getuid?.() === 0;
const ordinary = 1234;
const asOrdinary = ["setpriv", `--reuid=${ordinary}`, `--regid=${ordinary}`, "--clear-groups"];
const diff = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-1\n+2\n--- /dev/null\n+++ b/sub/n.py\n@@ -0,0 +1 @@\n+n\n";
const after = { "a.py": "2\n", "sub/n.py": "n\n" };

function run(prefix: readonly string[], args: readonly string[]) {
  const [command = "", ...rest] = [...prefix, process.execPath, ...args];
  return spawnSync(command, rest, { encoding: "utf8", env: { PATH: process.env.PATH, HOME: "/nonexistent" } });
}

let cannot: string | undefined;
beforeAll(() => {
  if (!isRoot) return;
  const tried = run(asOrdinary, ["--check", steps]);
  if (tried.status !== 0)
    cannot = `an ordinary user cannot run this checkout: ${tried.error ?? tried.stderr.slice(0, 200)}`;
});

/** A project and a folder for the state that belong to an ordinary user: another one if these tests are root's. */
async function place(context: TestContext) {
  if (cannot !== undefined) context.skip(cannot);
  const space = await scratch();
  const root = await space.tree("ein pröject", { "a.py": "1\n" });
  await writeFile(join(space.path, "diff"), diff);
  await mkdir(join(space.path, "own"));
  await chmod(space.path, 0o755);
  if (isRoot)
    for (const path of [root, join(root, "a.py"), join(space.path, "own")]) await chown(path, ordinary, ordinary);
  const go = (overlay: "overlay" | "copy", state = join(space.path, "own", "state")) => {
    const { stdout, stderr } = run(isRoot ? asOrdinary : [], [steps, state, root, join(space.path, "diff"), overlay]);
    return stdout === "" ? { stderr } : JSON.parse(stdout);
  };
  return { space, root, go };
}

describe("an ordinary user's project", () => {
  for (const overlay of ["overlay", "copy"] as const) {
    test(`is copied, edited and written (${overlay}), all in that user's name`, async (context) => {
      const { space, root, go } = await place(context);
      await using _ = space;
      const result = go(overlay);
      expect(result).toMatchObject({ edited: { kind: "applied" }, applied: { kind: "applied" } });
      expect(result.method).toMatch(overlay === "overlay" ? /^overlay$/ : /^(?:reflink|copy)$/);
      expect(await readTree(root)).toEqual(after);
      const own = isRoot ? ordinary : process.getuid?.();
      for (const path of ["a.py", "sub", "sub/n.py"]) expect((await lstat(join(root, path))).uid).toBe(own);
    });
  }

  test("that is read-only is not written, and says so", async (context) => {
    const { space, root, go } = await place(context);
    await using _ = space;
    await chmod(root, 0o555);
    expect(go("overlay")).toMatchObject({ applied: { kind: "refused", fault: { code: "tree-not-writable" } } });
    await chmod(root, 0o755);
    await chmod(join(root, "a.py"), 0o444);
    expect(go("overlay")).toMatchObject({ applied: { kind: "refused", fault: { code: "tree-not-writable" } } });
    expect(await readTree(root)).toEqual({ "a.py": "1\n" });
  });

  test("whose file cannot be read is copied without it, with the reason", async (context) => {
    const { space, root, go } = await place(context);
    await using _ = space;
    await writeFile(join(root, "locked.py"), "", { mode: 0o000 });
    await mkdir(join(root, "closed"), { mode: 0o000 });
    expect(go("overlay")).toMatchObject({
      excluded: [
        { path: "closed", reason: "cannot be read: EACCES" },
        { path: "locked.py", reason: "cannot be read: EACCES" },
      ],
      applied: { kind: "applied" },
    });
  });

  test("cannot be copied where the state cannot be written", async (context) => {
    const { space, go } = await place(context);
    await using _ = space;
    await mkdir(join(space.path, "closed"), { mode: 0o555 });
    expect(go("overlay", join(space.path, "closed", "state"))).toMatchObject({ fault: { code: "state-not-writable" } });
  });

  test("that belongs to somebody else than git's user is still read with git", async (context) => {
    const { space, root, go } = await place(context);
    await using _ = space;
    await writeFile(join(root, ".gitignore"), "ignored\n");
    await writeFile(join(root, "ignored"), "");
    await git(root, "init", "--quiet");
    if (isRoot) await chown(root, 0, 0);
    expect(go("overlay")).toMatchObject({ files: [".gitignore", "a.py"] });
  });
});

describe("root's Assay on an ordinary user's project", () => {
  test("leaves what it writes to that user", async (context) => {
    if (!isRoot) context.skip("needs root");
    const { space, root } = await place(context);
    await using _ = space;
    run([], [steps, join(space.path, "state"), root, join(space.path, "diff")]);
    expect(await readTree(root)).toEqual(after);
    for (const path of ["a.py", "sub", "sub/n.py"]) expect((await lstat(join(root, path))).uid).toBe(ordinary);
  });
});

describe("a full disk", () => {
  test("ends the snapshot with a fault that says so, and leaves no half of it", async (context) => {
    const probe = spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]);
    if (probe.status !== 0) context.skip("a small disk cannot be mounted by this user");
    await using space = await scratch();
    const root = await space.tree("project", { "big.txt": "x".repeat(500_000) });
    const state = await space.tree("small", {});
    const script = `mount -t tmpfs -o size=200k none "$1" && "$2" "$3" "$1/s" "$4" x; ls "$1/s/snapshots"`;
    const node = [process.execPath, steps, root];
    const { stdout } = spawnSync("unshare", ["--mount", "sh", "-c", script, "sh", state, ...node], {
      encoding: "utf8",
    });
    expect(JSON.parse(stdout)).toMatchObject({ fault: { code: "disk-full", remedy: expect.any(String) } });
    expect(await readdir(state)).toEqual([]);
  });
});
