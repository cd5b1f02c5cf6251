import { lstat, mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type AttemptName, raise } from "#domain";
import { stateFault } from "../faults.ts";
import { processTag } from "../files/process-tag.ts";
import { removeFolder } from "../files/remove-folder.ts";

const markName = ".assay-workspace";

/** The folder of one attempt's workspace, made afresh; what an attempt of the same name left is removed first. */
export async function makeAttemptDirectory(stateDirectory: string, name: AttemptName): Promise<string> {
  const directory = join(stateDirectory, "workspaces", name);
  try {
    await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
    await removeAttemptDirectory(directory);
    await mkdir(directory, { mode: 0o700 });
    await writeFile(join(directory, markName), `${name}\n${processTag()}\n`, { flag: "wx", mode: 0o600 });
    return directory;
  } catch (error) {
    throw stateFault(`making the workspace ${name}`, error);
  }
}

/**
 * Removes an attempt's folder if it is there and carries the mark of one; anything else is the fault `workspace-failed`.
 * Throws a `FaultError` also for what the disk does not let it remove; the mark then stays, for the next try.
 */
export async function removeAttemptDirectory(directory: string): Promise<void> {
  try {
    const status = await lstat(directory).catch(ignoreMissing);
    if (status === undefined) return;
    if (!status.isDirectory()) notOurs(directory);
    const names = await readdir(directory);
    if (names.length > 0 && !names.includes(markName)) notOurs(directory);
    for (const name of names) if (name !== markName) await removeFolder(join(directory, name));
    await removeFolder(join(directory, markName));
    // Empty also when its maker was killed before it was marked.
    await rmdir(directory).catch(ignoreMissing);
  } catch (error) {
    throw stateFault("removing a workspace", error);
  }
}

/** The tag of the process that made the folder, where it lived to write it. */
export async function makerOf(directory: string): Promise<string | undefined> {
  const mark = await readFile(join(directory, markName), "utf8").catch(() => "");
  return mark.split("\n")[1];
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}

function notOurs(directory: string): never {
  raise("workspace-failed", `${directory} was not made by Assay`, "move it away and try again");
}
