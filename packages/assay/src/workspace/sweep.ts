import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { makerOf, removeAttemptDirectory } from "./attempt/attempt-directory.ts";
import { isDead } from "./files/process-tag.ts";
import { removeFolder } from "./files/remove-folder.ts";

/** Attempts that no run comes back to; those of a run are opened afresh when it is resumed. */
const passing = /^(?:audit|derive|verify)-/;

/** Named after the process that builds it; a random end follows. */
const building = /^(?:git-)?building-(?<tag>[0-9a-f]*(?:-[0-9a-f]*){4})-/;

/**
 * Removes what processes left that were killed: half-built snapshots and attempts of no run. What belongs to a process
 * that may be alive, here or in another container on the same state, stays. Never throws: what cannot be removed now is
 * left for the next start.
 */
export async function sweep(stateDirectory: string): Promise<void> {
  const workspaces = join(stateDirectory, "workspaces");
  for (const name of await namesIn(workspaces)) {
    const directory = join(workspaces, name);
    if (passing.test(name) && isDead((await makerOf(directory)) ?? ""))
      await removeAttemptDirectory(directory).catch(() => {});
  }
  const snapshots = join(stateDirectory, "snapshots");
  await sweepBuilding(snapshots);
  for (const name of await namesIn(snapshots))
    if (/^[0-9a-f]{64}$/.test(name)) await sweepBuilding(join(snapshots, name));
}

async function sweepBuilding(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    const tag = building.exec(name)?.groups?.tag;
    if (tag !== undefined && isDead(tag)) await removeFolder(join(folder, name)).catch(() => {});
  }
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
