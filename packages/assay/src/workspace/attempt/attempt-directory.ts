import { lstat, mkdir, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type AttemptName, raise } from "#domain";
import { stateFault } from "../faults.ts";

const markName = ".assay-workspace";

/** The folder of one attempt's workspace, made afresh; what an attempt of the same name left is removed first. */
export async function makeAttemptDirectory(stateDirectory: string, name: AttemptName): Promise<string> {
  const directory = join(stateDirectory, "workspaces", name);
  try {
    await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
    await removeAttemptDirectory(directory);
    await mkdir(directory, { mode: 0o700 });
    await writeFile(join(directory, markName), `${name}\n`, { flag: "wx", mode: 0o600 });
    return directory;
  } catch (error) {
    throw stateFault(`making the workspace ${name}`, error);
  }
}

/** Removes an attempt's folder if it is there and carries the mark of one; anything else is the fault `workspace-failed`. */
export async function removeAttemptDirectory(directory: string): Promise<void> {
  const status = await lstat(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (status === undefined) return;
  if (!status.isDirectory()) notOurs(directory);
  const names = await readdir(directory);
  // Killed before it was marked.
  if (names.length === 0) return rmdir(directory);
  if (!names.includes(markName)) notOurs(directory);
  await rm(directory, { recursive: true, force: true });
}

function notOurs(directory: string): never {
  raise("workspace-failed", `${directory} was not made by Assay`, "move it away and try again");
}
