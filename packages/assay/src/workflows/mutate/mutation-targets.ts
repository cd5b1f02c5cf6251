import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { raise } from "#domain";
import { addedLines, type MutationTarget } from "#oracle";
import type { ProjectProfile, Snapshot } from "#ports";
import { languageOf } from "#syntax";
import { differenceOf } from "#workspace";
import type { MutateGoal, MutateTools } from "./mutation.ts";

/** The sources that were asked for, with their lines. Raises `usage` for a path that names no source. */
export async function mutationTargets(
  tools: MutateTools,
  goal: MutateGoal,
  snapshot: Snapshot,
  profile: ProjectProfile,
): Promise<MutationTarget[]> {
  const sources = profile.sourceFiles.filter((file) => languageOf(file) !== undefined);
  const wanted = goal.paths.map((path) => path.replace(/^\.\//, "").replace(/\/+$/, ""));
  const within = (file: string, path: string): boolean => path === "." || file === path || file.startsWith(`${path}/`);
  for (const path of wanted) {
    if (sources.some((file) => within(file, path))) continue;
    raise("usage", `${path} is no source file of this project and has none`, "name files or folders below its root");
  }
  const files = wanted.length === 0 ? sources : sources.filter((file) => wanted.some((path) => within(file, path)));
  const added = goal.since === undefined ? undefined : await linesSince(tools, goal.since, snapshot);
  const targets: MutationTarget[] = [];
  for (const path of files) {
    const content = await readFile(join(snapshot.directory, path), "utf8");
    const lines = added === undefined ? allLines(content) : added.get(path);
    if (lines !== undefined && lines.size > 0) targets.push({ path, content, lines });
  }
  return targets;
}

async function linesSince(
  tools: MutateTools,
  since: string,
  snapshot: Snapshot,
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const before = await tools.revisions.snapshotAt(snapshot.root, since);
  return addedLines((await differenceOf(before, snapshot)).diff);
}

function allLines(content: string): ReadonlySet<number> {
  return new Set(Array.from({ length: content.split("\n").length }, (_, index) => index + 1));
}
