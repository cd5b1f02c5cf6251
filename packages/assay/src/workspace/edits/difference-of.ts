import { lstat, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { Snapshot, SnapshotDifference } from "#ports";
import { digestOf } from "#ports";
import type { FilePatch } from "#syntax";
import { filesBelow } from "../attempt/copy-union.ts";
import { copiesAtOnce } from "../bounds.ts";
import { eachBounded } from "../files/each-bounded.ts";
import { readState } from "../files/read-state.ts";
import { formatDiff } from "./format-diff.ts";
import { makeFilePatch } from "./make-diff.ts";

/** Compares two snapshots by content; runs no diff, filter or textconv of git. Deterministic. */
export async function differenceOf(before: Snapshot, after: Snapshot): Promise<SnapshotDifference> {
  const [was, is] = [await contentsOf(before), await contentsOf(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path)).sort();
  const patches: FilePatch[] = [];
  const binary: string[] = [];
  for (const path of paths) {
    const [old, now] = [await readState(before.directory, path), await readState(after.directory, path)];
    const isText = [old, now].every(
      (side) => side.kind !== "refused" && !(side.kind === "file" && hasNul(side.state.text)),
    );
    if (!isText) {
      binary.push(path);
      continue;
    }
    const patch = makeFilePatch(path, stateOf(old), stateOf(now));
    if (patch !== undefined) patches.push(patch);
  }
  const kindOf = (path: string) => (was.has(path) ? (is.has(path) ? "modified" : "deleted") : "added");
  return { diff: formatDiff(patches), changed: paths.map((path) => ({ path, kind: kindOf(path) })), binary };
}

function hasNul(text: string): boolean {
  return text.includes("\0");
}

function stateOf(found: Awaited<ReturnType<typeof readState>>) {
  return found.kind === "file" ? found.state : undefined;
}

/** What each path holds, and as what. */
async function contentsOf({ directory, files }: Snapshot): Promise<Map<string, string>> {
  const regular = new Set(files);
  const contents = new Map<string, string>();
  await eachBounded(await filesBelow(directory), copiesAtOnce, async ({ path, isLink }) => {
    const full = join(directory, path);
    if (isLink) contents.set(path, `link ${await readlink(full)}`);
    else if (regular.has(path)) contents.set(path, `${await modeOf(full)} ${digestOf(await readFile(full))}`);
  });
  return contents;
}

async function modeOf(path: string): Promise<string> {
  return ((await lstat(path)).mode & 0o111) === 0 ? "file" : "executable";
}
