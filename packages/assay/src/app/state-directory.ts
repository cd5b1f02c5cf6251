import { access, chown, constants, lstat, mkdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { raise } from "#domain";
import { digestOf, homeDirectory } from "#ports";
import { hasMark, writeMark } from "./state-mark.ts";

/** Where one project's journal, evidence, snapshots and artifacts live. */
export type StateDirectory = {
  /** The project's real, absolute path. */
  root: string;
  path: string;
  /** False when the project cannot be written and XDG state is used instead. */
  inProject: boolean;
};

/**
 * Finds or makes `.assay/` in the project, which ignores itself in git; a folder under `$XDG_STATE_HOME` where the
 * project cannot be written. Faults: `not-a-project`, `state-not-writable`.
 */
export async function openStateDirectory(directory: string): Promise<StateDirectory> {
  const root = await realpath(directory).catch(() =>
    raise("not-a-project", `there is no folder ${directory}`, "name the folder of a project"),
  );
  if (!(await stat(root)).isDirectory()) {
    raise("not-a-project", `${root} is not a folder`, "name the folder of a project");
  }
  if (root === "/" || root === homeDirectory()) {
    raise("not-a-project", `${root} is not a project's folder`, "name the folder of a project");
  }
  const inProject = join(root, ".assay");
  if (await isUsable(root, inProject)) return { root, path: inProject, inProject: true };
  const elsewhere = join(stateHome(), "assay", digestOf(root).slice("sha256:".length, "sha256:".length + 16));
  try {
    await mkdir(elsewhere, { recursive: true, mode: 0o700 });
    await access(elsewhere, constants.W_OK);
  } catch (error) {
    raise(
      "state-not-writable",
      `neither ${inProject} nor ${elsewhere} can be written: ${(error as Error).message}`,
      "set XDG_STATE_HOME to a folder that can be written",
    );
  }
  return { root, path: elsewhere, inProject: false };
}

function stateHome(): string {
  const home = process.env.XDG_STATE_HOME;
  return home?.startsWith("/") ? home : join(homeDirectory(), ".local", "state");
}

async function isUsable(root: string, path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return create(root, path);
  if (!found.isDirectory() || !(await hasMark(path, root))) {
    raise(
      "state-not-writable",
      `${path} was not made by Assay for this user and this folder: what it claims to have seen cannot be believed`,
      `remove or rename it: mv ${path} ${path}.old`,
    );
  }
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** Made complete under another name and then renamed: a crash never leaves a state directory without its mark. */
async function create(root: string, path: string): Promise<boolean> {
  const unfinished = `${path}.new-${process.pid}`;
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await writeFile(join(unfinished, ".gitignore"), "*\n");
    await writeMark(unfinished, root);
    const owner = await stat(root);
    // Root healing somebody else's project leaves them a folder they can remove.
    if (process.getuid?.() === 0 && owner.uid !== 0) await chown(unfinished, owner.uid, owner.gid);
    await rename(unfinished, path);
    return true;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC") raise("disk-full", `no space left for ${path}`, "free some space and try again");
    // Another process was first: its directory is as good.
    if (code === "ENOTEMPTY" || code === "EEXIST") return hasMark(path, root);
    return false;
  }
}

/** What is where in a state directory. */
export function statePlaces({ path }: StateDirectory) {
  return {
    state: path,
    journal: join(path, "journal.sqlite"),
    blobs: join(path, "blobs"),
    runs: join(path, "runs"),
    checklist: join(path, "checklist.json"),
  };
}
export type StatePlaces = ReturnType<typeof statePlaces>;
