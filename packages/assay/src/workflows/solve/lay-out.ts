import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "#engine";
import { writeArtifact } from "#receipt";
import type { Files } from "./input/given.ts";

/** Writes a small project into the run's folder. Made anew where a crash left a part of it. */
export async function layOut(run: Run, key: string, directory: string, files: Files): Promise<string> {
  return run.step(`lay-out.${key}`, { files }, async () => {
    await rm(directory, { recursive: true, force: true });
    for (const [path, content] of Object.entries(files)) await writeArtifact(join(directory, path), content);
    return directory;
  });
}
