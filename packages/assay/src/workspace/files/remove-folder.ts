import { chmod, lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Removes what is at `path`, and of a folder all in it, also folders that code under test made unreadable: an ordinary user has to open them
 * first. Follows no link. Rejects with what the disk says when something cannot be removed even so.
 */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!(await lstat(path)).isDirectory()) throw error;
    await openFolders(path);
    await rm(path, { recursive: true, force: true });
  }
}

async function openFolders(top: string): Promise<void> {
  const folders = [top];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    // What cannot be opened is told by the removal that follows.
    await chmod(folder, 0o700).catch(() => {});
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) if (entry.isDirectory()) folders.push(join(folder, entry.name));
  }
}
