import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestChange } from "@assay/sdk";
import type { Run } from "#engine";
import { type ChangedOracleFile, helperChanges, testChanges } from "#oracle";
import type { Snapshot } from "#ports";
import type { Subject } from "./subject.ts";

/** Larger ones are data: that they changed is all there is to say. */
const textBytesMax = 2 * 1024 * 1024;

/** What the change does to what decides its own verdict. */
export async function findTestChanges(run: Run, subject: Subject): Promise<TestChange[]> {
  const { base, head, difference, oraclePaths } = subject;
  const input = { base: base.snapshot.digest, head: head.snapshot.digest };
  return run.step("test-changes", input, async () => {
    const files: ChangedOracleFile[] = [];
    const source: ChangedOracleFile[] = [];
    for (const { path, kind } of difference.changed) {
      const [before, after] = [await textOf(base.snapshot, path), await textOf(head.snapshot, path)];
      const file = { path, kind, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
      (oraclePaths.has(path) ? files : source).push(file);
    }
    const read = (path: string) => textOf(base.snapshot, path);
    const helpers = await helperChanges(source, { ...base.profile, read });
    const found = [...testChanges(files), ...helpers, ...unseenChanges(base.snapshot, head.snapshot)];
    const [was, is] = [base.profile, head.profile];
    if (was.runner === is.runner && was.language === is.language) return found;
    const what = `tests are run by ${is.runner} (${is.language}) instead of ${was.runner} (${was.language})`;
    return [{ kind: "runner" as const, file: ".", line: 1, what }, ...found];
  });
}

/**
 * What differs between two commits and is in neither copy: submodules, links that lead out, files that are too large or never
 * copied. The tests may depend on it, and nobody looks at it. Only commits tell; a working tree leaves out too much besides.
 */
function unseenChanges(before: Snapshot, after: Snapshot): TestChange[] {
  const versions = ({ excluded }: Snapshot) => new Map(excluded.map(({ path, version }) => [path, version]));
  const [was, is] = [versions(before), versions(after)];
  if ([...is.values()].includes(undefined) || after.git === undefined || after.git.dirty) return [];
  const reasons = new Map([...before.excluded, ...after.excluded].map(({ path, reason }) => [path, reason]));
  const changed = [...reasons].filter(([path]) => was.get(path) !== is.get(path)).sort();
  return changed.map(([file, reason]) => ({
    kind: "dependencies" as const,
    file,
    line: 1,
    what: `${is.has(file) ? (was.has(file) ? "changes" : "adds") : "removes"} what is not looked at: ${reason}`,
  }));
}

/** A file's text; `undefined` where there is none, or nothing that is read as text. */
export async function textOf({ directory, files }: Snapshot, path: string): Promise<string | undefined> {
  if (!files.includes(path)) return undefined;
  const content = await readFile(join(directory, path));
  if (content.length > textBytesMax || content.includes(0)) return undefined;
  return content.toString("utf8");
}
