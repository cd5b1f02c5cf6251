import { addedLines, type MutationTarget } from "#oracle";
import type { Subject } from "./subject.ts";
import { textOf } from "./test-changes.ts";

/** The source files of the head with the lines that the change adds to them. */
export async function changedLines({ head, difference, oraclePaths }: Subject): Promise<MutationTarget[]> {
  const targets: MutationTarget[] = [];
  for (const [path, lines] of addedLines(difference.diff)) {
    if (oraclePaths.has(path) || lines.size === 0) continue;
    const content = await textOf(head.snapshot, path);
    if (content !== undefined) targets.push({ path, content, lines });
  }
  return targets;
}
