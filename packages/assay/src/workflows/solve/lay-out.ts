import { rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "#engine";
import { writeArtifact } from "#receipt";
import type { Files } from "./input/given.ts";

/** Environments of Python by their usual names. */
const environments = [".venv", "venv", "env"];

/**
 * Writes a small project into the run's folder, and links the virtual environment of the user's project into it, so that its tests may use what is
 * installed there; `node_modules` of the folders above are found anyway. Made anew where a crash left a part of it.
 */
export async function layOut(
  run: Run,
  key: string,
  directory: string,
  files: Files,
  userRoot: string,
): Promise<string> {
  return run.step(`lay-out.${key}`, { files }, async () => {
    await rm(directory, { recursive: true, force: true });
    for (const [path, content] of Object.entries(files)) await writeArtifact(join(directory, path), content);
    for (const name of environments) {
      const settings = await stat(join(userRoot, name, "pyvenv.cfg")).catch(() => undefined);
      if (settings?.isFile() === true) await symlink(join(userRoot, name), join(directory, name));
    }
    return directory;
  });
}
