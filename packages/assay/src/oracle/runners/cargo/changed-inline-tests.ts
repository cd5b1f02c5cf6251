import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProjectProfile, Workspace } from "#ports";
import { inlineTests } from "./inline-tests.ts";

/**
 * Source files whose inline tests differ between the workspace and the snapshot it was made from: such a file is source, so an
 * edit may touch it, but not the tests in it.
 */
export async function changedInlineTests({ sourceFiles }: ProjectProfile, workspace: Workspace): Promise<string[]> {
  const changed: string[] = [];
  for (const file of sourceFiles) {
    const before = await readFile(join(workspace.snapshot.directory, file), "utf8").catch(() => "");
    const now = (await workspace.read(file)) ?? "";
    if (before === now) continue;
    const same = JSON.stringify(inlineTests(before)) === JSON.stringify(inlineTests(now));
    if (!same) changed.push(file);
  }
  return changed;
}
