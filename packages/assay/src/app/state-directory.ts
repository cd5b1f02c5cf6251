import { access, chown, constants, lstat, mkdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FaultError, raise } from "#domain";
import { defaultTenant, digestOf, homeDirectory } from "#ports";
import { hasMark, writeMark } from "./state-mark.ts";
import { lookAtStrange, strangeState } from "./strange-state.ts";

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
  const root = await refuseUnsuitable(directory);
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

/** The real path of a folder that can be a project's. Fault: `not-a-project`. */
export async function refuseUnsuitable(directory: string): Promise<string> {
  const root = await realpath(directory).catch(() =>
    raise("not-a-project", `there is no folder ${directory}`, "name the folder of a project"),
  );
  if (!(await stat(root)).isDirectory()) {
    raise("not-a-project", `${root} is not a folder`, "name the folder of a project");
  }
  if (root === "/" || root === homeDirectory()) {
    raise("not-a-project", `${root} is not a project's folder`, "name the folder of a project");
  }
  return root;
}

function stateHome(): string {
  const home = process.env.XDG_STATE_HOME;
  return home?.startsWith("/") ? home : join(homeDirectory(), ".local", "state");
}

async function isUsable(root: string, path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return create(root, path);
  if (!found.isDirectory() || !(await hasMark(path, root))) {
    throw new FaultError(strangeState(await lookAtStrange(path, found)));
  }
  const refused = await access(path, constants.W_OK).catch((error: Error) => error);
  if (refused === undefined) return true;
  // With its state elsewhere the project would seem to have no runs.
  if (await exists(join(path, "journal.sqlite"))) {
    raise(
      "state-not-writable",
      `${path} holds this project's runs and cannot be written: ${refused.message}`,
      "make it, or the disk that it is on, writable for your user; to work without those runs, work on a copy of the project",
    );
  }
  return false;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
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

/** What is where in a state directory. Tenants share the journal's file, and nothing else. */
export function statePlaces({ path }: StateDirectory, tenant: string = defaultTenant) {
  const own = tenant === defaultTenant ? path : join(path, "tenants", tenant);
  return {
    state: own,
    journal: join(path, "journal.sqlite"),
    blobs: join(own, "blobs"),
    runs: join(own, "runs"),
    checklist: join(own, "checklist.json"),
  };
}
export type StatePlaces = ReturnType<typeof statePlaces>;
