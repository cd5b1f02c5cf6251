import { execFile } from "node:child_process";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A folder for one test that goes with it. */
export type Scratch = AsyncDisposable & {
  readonly path: string;
  /** Writes files below a folder of the scratch and gives the folder's path. */
  tree(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string>;
};

export async function scratch(): Promise<Scratch> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "assay-scratch-")));
  return {
    path,
    async tree(name, files) {
      const root = join(path, name);
      await mkdir(root, { recursive: true });
      for (const [file, content] of Object.entries(files)) {
        await mkdir(dirname(join(root, file)), { recursive: true });
        await writeFile(join(root, file), content);
      }
      return root;
    },
    async [Symbol.asyncDispose]() {
      await makeRemovable(path);
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Runs git with a name for commits and nothing of this machine's configuration. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"];
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };
  return (await run("git", [...identity, ...args], { cwd, env })).stdout;
}

/** Makes `root` a repository and commits all of it. */
export async function commitAll(root: string): Promise<void> {
  await git(root, "init", "--quiet");
  await git(root, "add", "--all", "--force");
  await git(root, "commit", "--quiet", "--allow-empty", "--message", "commit");
}

/** All files below a folder: text by path, links as `-> target`, git's data left out. */
export async function readTree(root: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    const path = relative(root, full);
    if (path === ".git" || path.startsWith(".git/") || entry.isDirectory()) continue;
    files[path] = entry.isSymbolicLink() ? `-> ${await readlink(full)}` : await readFile(full, "utf8");
  }
  return files;
}

async function makeRemovable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) {
    if ((await lstat(join(folder, name))).isDirectory()) await makeRemovable(join(folder, name));
  }
}
