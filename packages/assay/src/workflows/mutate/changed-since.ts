import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createTwoFilesPatch } from "diff";
import { addedLines } from "#oracle";
import type { Snapshot } from "#ports";
import { differenceOf } from "#workspace";

/** Of a new file's lines that a file which is gone had, this share makes it that file under another name. As git has it. */
const renamedShare = 0.5;
/** Beyond so many of each nothing is looked for: it would be compared with every other. */
const comparedMax = 200;

/** By file, the lines (1-based) that were added or changed; in a file that was only given another name, none. */
export async function changedSince(before: Snapshot, now: Snapshot): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const changed = new Map(addedLines((await differenceOf(before, now)).diff));
  const fresh = now.files.filter((file) => changed.has(file) && !before.files.includes(file));
  const gone = before.files.filter((file) => !now.files.includes(file));
  if (fresh.length === 0 || gone.length === 0 || fresh.length > comparedMax || gone.length > comparedMax)
    return changed;
  const texts = await Promise.all(gone.map((file) => textOf(before, file)));
  for (const file of fresh) {
    const text = await textOf(now, file);
    const earlier = likest(text, texts);
    if (earlier === undefined) continue;
    const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, earlier, text);
    changed.set(file, addedLines(patch).get(file) ?? new Set());
  }
  return changed;
}

function likest(text: string, others: readonly string[]): string | undefined {
  const lines = linesOf(text);
  const shares = others.map((other) => {
    const known = new Set(linesOf(other));
    return lines.filter((line) => known.has(line)).length / Math.max(1, lines.length);
  });
  const most = Math.max(0, ...shares);
  return most >= renamedShare ? others[shares.indexOf(most)] : undefined;
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

async function textOf({ directory }: Snapshot, file: string): Promise<string> {
  return await readFile(join(directory, file), "utf8").catch(() => "");
}
