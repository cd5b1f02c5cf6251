import { execFileSync } from "node:child_process";
import {
  appendFile,
  chmod,
  lstat,
  mkdir,
  readdir,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { commitAll, git, readTree, scratch } from "../../../test/support/scratch.ts";
import { sandboxUid } from "../ownership.ts";
import { takeSnapshot } from "./take-snapshot.ts";

async function place(files: Record<string, string>) {
  const space = await scratch();
  const root = await space.tree("my pröject", files);
  const state = join(space.path, "state");
  return { space, root, state, take: (at = root) => takeSnapshot(state, at, sandboxUid()) };
}
const reasons = (excluded: readonly { path: string; reason: string }[]) =>
  Object.fromEntries(excluded.map(({ path, reason }) => [path, reason]));

describe("a snapshot of a git repository", () => {
  test("has the files as they are now: changed, new, without deleted and ignored ones", async () => {
    const { space, root, take } = await place({ "a.py": "1", "b.py": "2", ".gitignore": "*.log\n", "x.log": "" });
    await using _ = space;
    await git(root, "init", "--quiet");
    await git(root, "add", ".");
    await git(root, "commit", "--quiet", "--message", "c");
    const clean = await take();
    expect(clean.git).toEqual({ commit: (await git(root, "rev-parse", "HEAD")).trim(), dirty: false });
    await writeFile(join(root, "a.py"), "changed");
    await rm(join(root, "b.py"));
    await writeFile(join(root, "new.py"), "3");
    const dirty = await take();
    expect(dirty.files).toEqual([".gitignore", "a.py", "new.py"]);
    expect((await readTree(dirty.directory))["a.py"]).toBe("changed");
    expect(dirty.git?.dirty).toBe(true);
    expect(dirty.digest).not.toBe(clean.digest);
  });

  test("of a folder in it has that folder's files only", async () => {
    const { space, root, take } = await place({ "top.py": "", "sub/in.py": "", "sub/deep/x.py": "" });
    await using _ = space;
    await commitAll(root);
    const snapshot = await take(join(root, "sub"));
    expect(snapshot.files).toEqual(["deep/x.py", "in.py"]);
    expect(snapshot.git?.dirty).toBe(false);
  });

  test("keeps a tracked dependency folder and leaves an untracked one to be mounted", async () => {
    const { space, root, take } = await place({ "fixture/node_modules/a/index.js": "" });
    await using _ = space;
    await commitAll(root);
    await space.tree("my pröject", { "node_modules/b/index.js": "", ".venv/bin/python": "" });
    const snapshot = await take();
    expect(snapshot.files).toEqual(["fixture/node_modules/a/index.js"]);
    expect(Object.keys(reasons(snapshot.excluded))).toEqual([".venv", "node_modules"]);
  });

  test("leaves out a repository of its own", async () => {
    const { space, root, take } = await place({ "a.py": "" });
    await using _ = space;
    await commitAll(root);
    await commitAll(await space.tree("my pröject/nested", { "b.py": "" }));
    expect(await take()).toMatchObject({ files: ["a.py"], excluded: [{ path: "nested" }] });
  });

  test("does not follow a folder that became a link after it was tracked", async () => {
    const { space, root, take } = await place({ "a.py": "", "sub/secret": "" });
    await using _ = space;
    await commitAll(root);
    const outside = await space.tree("outside", { secret: "private" });
    await rename(join(root, "sub"), join(space.path, "old"));
    await symlink(outside, join(root, "sub"));
    const snapshot = await take();
    expect(snapshot.files).toEqual(["a.py"]);
    expect(JSON.stringify(await readTree(snapshot.directory))).not.toContain("private");
  });

  test("whose data is broken, bare or elsewhere is taken as a folder without git, and says so", async () => {
    const { space, root, take } = await place({ "a.py": "" });
    await using _ = space;
    await commitAll(root);
    await writeFile(join(root, ".git", "HEAD"), "nonsense");
    expect(await take()).toMatchObject({ files: ["a.py"] });
    await commitAll(root).catch(() => {});
    await rm(join(root, ".git"), { recursive: true });
    await commitAll(root);
    await truncate(join(root, ".git", "index"), 20);
    expect(await take()).toMatchObject({ files: ["a.py"], notes: [expect.stringContaining("cannot be read")] });
    await rm(join(root, ".git"), { recursive: true });
    await commitAll(root);
    await git(root, "config", "core.bare", "true");
    expect((await take()).files).toEqual(["a.py"]);
    await git(root, "config", "core.bare", "false");
    await git(root, "config", "core.worktree", "/etc");
    expect((await take()).files).toEqual(["a.py"]);
  });
});

describe("a snapshot of a folder without git", () => {
  test("leaves out dependencies, caches and environments, each with the reason", async () => {
    const { space, take } = await place({
      "a.py": "",
      "dist/a.js": "",
      "node_modules/x/i.js": "",
      "src/__pycache__/a.pyc": "",
      "myenv/pyvenv.cfg": "",
      "rust/Cargo.toml": "",
      "rust/target/debug/x": "",
      "target/kept.txt": "",
    });
    await using _ = space;
    const snapshot = await take();
    expect(snapshot.files).toEqual(["a.py", "dist/a.js", "rust/Cargo.toml", "target/kept.txt"]);
    expect(Object.keys(reasons(snapshot.excluded))).toEqual([
      "myenv",
      "node_modules",
      "rust/target",
      "src/__pycache__",
    ]);
    expect(snapshot.git).toBeUndefined();
  });

  test("keeps odd names and tells case apart", async () => {
    const names = ["a b.txt", "größe.py", "new\nline", "A.txt", "a.txt", 'q"u\\o', "-rf", " lead"];
    const { space, take } = await place(Object.fromEntries(names.map((name) => [name, name])));
    await using _ = space;
    const snapshot = await take();
    expect(snapshot.files).toEqual(names.toSorted());
    expect(await readTree(snapshot.directory)).toEqual(Object.fromEntries(names.map((name) => [name, name])));
  });
});

describe("a snapshot", () => {
  test("has no secrets, whether git tracks them or not", async () => {
    const secret = [
      ".env",
      ".env.local",
      "deploy/id_rsa",
      "server.pem",
      "x.p12",
      "k.key",
      ".npmrc",
      ".pypirc",
      ".netrc",
    ];
    const documented = [".env.example", ".env.local.sample", "id_rsa.pub", "src/credentials.py", "monkey.py"];
    const kept = [...documented, "tests/tls/server.pem", "tests/tls/server.key"];
    const { space, root, take } = await place(Object.fromEntries([...secret, ...kept].map((name) => [name, "s3cret"])));
    await using _ = space;
    for (const prepare of [async () => {}, () => commitAll(root)]) {
      await prepare();
      const snapshot = await take();
      expect(snapshot.files).toEqual(kept.toSorted());
      expect(Object.keys(reasons(snapshot.excluded))).toEqual(secret.toSorted());
    }
  });

  test("keeps links within the project as links and leaves out those that leave it", async () => {
    const { space, root, take } = await place({ "a.py": "x", "sub/b.py": "" });
    await using _ = space;
    await symlink("../a.py", join(root, "sub", "inside"));
    await symlink("nowhere", join(root, "broken"));
    await symlink("/etc/passwd", join(root, "absolute"));
    await symlink("../../outside", join(root, "sub", "relative"));
    await symlink("/etc", join(root, "folder"));
    const snapshot = await take();
    expect(snapshot.files).toEqual(["a.py", "sub/b.py"]);
    expect(await readTree(snapshot.directory)).toMatchObject({ "sub/inside": "-> ../a.py", broken: "-> nowhere" });
    expect(reasons(snapshot.excluded)).toEqual({
      absolute: "a link out of the project",
      folder: "a link out of the project",
      "sub/relative": "a link out of the project",
    });
  });

  test("leaves out pipes and files too large, and does not wait for a pipe", async () => {
    const { space, root, take } = await place({ "a.py": "" });
    await using _ = space;
    execFileSync("mkfifo", [join(root, "pipe")]);
    await writeFile(join(root, "big"), "");
    await truncate(join(root, "big"), 64 * 1024 * 1024 + 1);
    const snapshot = await take();
    expect(snapshot.files).toEqual(["a.py"]);
    expect(reasons(snapshot.excluded)).toEqual({ pipe: "a socket, pipe or device", big: "larger than 64 MiB" });
  });

  test("can be read by the sandbox's user whatever the modes were, and keeps who may execute", async () => {
    const { space, root, take } = await place({ "run.sh": "", "private.py": "", "sub/x": "" });
    await using _ = space;
    await chmod(join(root, "run.sh"), 0o700);
    await chmod(join(root, "private.py"), 0o600);
    await chmod(join(root, "sub"), 0o700);
    const { directory } = await take();
    const modes = async (path: string) => {
      const { mode, uid } = await lstat(join(directory, path));
      return [(mode & 0o777).toString(8), uid];
    };
    expect(await modes("run.sh")).toEqual(["755", sandboxUid()]);
    expect(await modes("private.py")).toEqual(["644", sandboxUid()]);
    expect(await modes("sub")).toEqual(["755", sandboxUid()]);
  });

  test("is the same for the same content and is not built again", async () => {
    const { space, root, take } = await place({ "a.py": "1", "run.sh": "" });
    await using _ = space;
    const first = await take();
    const made = (await lstat(first.directory)).ino;
    await utimes(join(root, "a.py"), 1, 1);
    const second = await take();
    expect(second).toEqual(first);
    expect((await lstat(second.directory)).ino).toBe(made);
    await chmod(join(root, "run.sh"), 0o755);
    expect((await take()).digest).not.toBe(first.digest);
  });

  test("that something damaged is built again", async () => {
    const { space, state, take } = await place({ "a.py": "1", "sub/b.py": "2" });
    await using _ = space;
    const { directory } = await take();
    const damages = [
      () => appendFile(join(directory, "a.py"), "x"),
      () => rm(join(directory, "sub"), { recursive: true }),
      () => rm(join(dirname(directory), "manifest.json")),
      () => writeFile(join(dirname(directory), "manifest.json"), "{}"),
    ];
    for (const damage of damages) {
      await damage();
      expect(await readTree((await take()).directory)).toEqual({ "a.py": "1", "sub/b.py": "2" });
    }
    expect(await readdir(join(state, "snapshots"))).toHaveLength(1);
  });

  test("taken twice at the same time is one", async () => {
    const { space, state, take } = await place({ "a.py": "1", "b.py": "2" });
    await using _ = space;
    const [one, two] = await Promise.all([take(), take()]);
    expect(one).toEqual(two);
    expect(await readTree(one.directory)).toEqual({ "a.py": "1", "b.py": "2" });
    expect(await readdir(join(state, "snapshots"))).toHaveLength(1);
  });

  test("keeps what others cannot look into", async () => {
    const { space, state, take } = await place({ "a.py": "1" });
    await using _ = space;
    await take();
    expect((await lstat(state)).mode & 0o777).toBe(0o700);
  });

  test("is refused of what is no project", async () => {
    const { space, root, take } = await place({ "a.py": "" });
    await using _ = space;
    for (const bad of [join(root, "missing"), join(root, "a.py"), "/", process.env.HOME ?? "/root"]) {
      await expect(take(bad)).rejects.toMatchObject({ fault: { code: "not-a-project", remedy: expect.any(String) } });
    }
  });

  test("of an empty folder is empty", async () => {
    const { space, root, take } = await place({});
    await using _ = space;
    await mkdir(join(root, "empty"));
    expect(await take()).toMatchObject({ files: [], excluded: [] });
  });
});
