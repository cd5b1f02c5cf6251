import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { raise } from "#domain";
import type { MutationTarget } from "#oracle";
import type { ProjectProfile, Snapshot } from "#ports";
import { languageOf } from "#syntax";
import { changedSince } from "./changed-since.ts";
import type { MutateGoal, MutateTools } from "./mutation.ts";

/** The sources that were asked for, with their lines; none that is no UTF-8, for it could not be written back as it was. Raises `usage` for a path that names no source. */
export async function mutationTargets(
  tools: MutateTools,
  goal: MutateGoal,
  snapshot: Snapshot,
  profile: ProjectProfile,
): Promise<MutationTarget[]> {
  const sources = profile.sourceFiles.filter((file) => languageOf(file) !== undefined);
  // As from the root, whatever way they are written.
  const wanted = goal.paths.map((path) => relative(snapshot.root, resolve(snapshot.root, path)) || ".");
  const within = (file: string, path: string): boolean => path === "." || file === path || file.startsWith(`${path}/`);
  for (const path of wanted) {
    if (sources.some((file) => within(file, path))) continue;
    const isTest = profile.oracleFiles.some((file) => within(file, path));
    const what = isTest
      ? "belongs to the tests, which are not changed"
      : "is no source file of this project and has none";
    raise("usage", `${path} ${what}`, `name sources, as files or folders below ${snapshot.root}`);
  }
  const files = wanted.length === 0 ? sources : sources.filter((file) => wanted.some((path) => within(file, path)));
  const before = goal.since === undefined ? undefined : await tools.revisions.snapshotAt(snapshot.root, goal.since);
  const added = before && (await changedSince(before, snapshot));
  const targets: MutationTarget[] = [];
  for (const path of files) {
    const bytes = await readFile(join(snapshot.directory, path));
    if (!isUtf8(bytes)) continue;
    const content = bytes.toString("utf8");
    const lines = added === undefined ? allLines(content) : added.get(path);
    if (lines !== undefined && lines.size > 0) targets.push({ path, content, lines });
  }
  return targets;
}

function allLines(content: string): ReadonlySet<number> {
  return new Set(Array.from({ length: content.split("\n").length }, (_, index) => index + 1));
}
