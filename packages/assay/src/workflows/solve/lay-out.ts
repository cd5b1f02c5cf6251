import { rm } from "node:fs/promises";
import { join, posix } from "node:path";
import { raise } from "#domain";
import type { Run } from "#engine";
import { writeArtifact } from "#receipt";
import type { Files } from "./input/given.ts";

/**
 * Writes a small project into the run's folder. Made anew where a crash left a part of it. Throws `usage` for a path that leads out: what
 * is written here is not in a sandbox, and its names come from the goal.
 */
export async function layOut(run: Run, key: string, directory: string, files: Files): Promise<string> {
  return run.step(`lay-out.${key}`, { files }, async () => {
    await rm(directory, { recursive: true, force: true });
    for (const path of Object.keys(files)) {
      const plain = posix.normalize(path);
      if (plain.startsWith("../") || plain === ".." || posix.isAbsolute(plain)) {
        raise("usage", `${path} leads out of the small project`, "name tests and stub by plain absolute paths");
      }
    }
    for (const [path, content] of Object.entries(files)) await writeArtifact(join(directory, path), content);
    return directory;
  });
}
