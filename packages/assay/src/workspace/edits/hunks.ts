import { raise } from "#domain";
import { type FilePatch, type Hunk, newLines, oldLines, parseDiff, patchPath } from "#syntax";
import { formatDiff } from "./format-diff.ts";

/**
 * Takes a diff apart into diffs that each make one of its changes, in order: a hunk, a new or deleted or moved file, a
 * change of mode. Each applies by itself to what the whole applied to, in any combination with the others.
 * Throws a `FaultError` of code `patch-rejected` for what is no diff.
 */
export function splitHunks(diff: string): string[] {
  return parse(diff)
    .flatMap(splitFile)
    .map((file) => formatDiff([file]));
}

/** Puts diffs from one `splitHunks` together again, any of them, in any order. */
export function combineHunks(hunks: readonly string[]): string {
  const files = new Map<string, FilePatch>();
  for (const part of hunks.flatMap(parse)) {
    const path = patchPath(part);
    const before = files.get(path);
    files.set(path, before === undefined ? part : { ...before, ...part, hunks: [...before.hunks, ...part.hunks] });
  }
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return formatDiff(sorted.map(([, file]) => ({ ...file, hunks: renumber(file.hunks) })));
}

/** The diff that takes this one back. */
export function reverseDiff(diff: string): string {
  return formatDiff(parse(diff).map(reverseFile));
}

function parse(diff: string): FilePatch[] {
  if (diff === "") return [];
  const parsed = parseDiff(diff);
  return parsed.kind === "parsed" ? parsed.files : raise("patch-rejected", parsed.message);
}

function splitFile(file: FilePatch): FilePatch[] {
  const { hunks, newExecutable, oldExecutable, ...names } = file;
  if (file.oldPath !== file.newPath) return [file];
  const parts: FilePatch[] = hunks.map((hunk) => ({ ...names, hunks: renumber([hunk]) }));
  if (newExecutable === undefined || newExecutable === oldExecutable) return parts;
  return [{ ...names, newExecutable, oldExecutable: !newExecutable, hunks: [] }, ...parts];
}

/** Sorts hunks by their old lines and gives the new lines their numbers, as if there were no other hunks. */
function renumber(hunks: readonly Hunk[]): Hunk[] {
  let moved = 0;
  return hunks
    .toSorted((a, b) => a.oldStart - b.oldStart)
    .map((hunk) => {
      const [before, after] = [oldLines(hunk).length, newLines(hunk).length];
      // The start of an empty side is the line before it.
      const first = (before === 0 ? hunk.oldStart + 1 : hunk.oldStart) + moved;
      moved += after - before;
      return { ...hunk, newStart: after === 0 ? first - 1 : first };
    });
}

function reverseFile({ oldPath, newPath, oldExecutable, newExecutable, hunks }: FilePatch): FilePatch {
  return {
    oldPath: newPath,
    newPath: oldPath,
    ...(newExecutable !== undefined && { oldExecutable: newExecutable }),
    ...(oldExecutable !== undefined && { newExecutable: oldExecutable }),
    hunks: hunks.map(reverseHunk),
  };
}

const opposite = { " ": " ", "-": "+", "+": "-" } as const;

function reverseHunk({ oldStart, newStart, lines }: Hunk): Hunk {
  const reversed: Hunk["lines"] = [];
  let added: Hunk["lines"] = [];
  for (const { kind, text } of lines) {
    const line = { kind: opposite[kind], text };
    // Removed lines stand before added ones.
    if (line.kind === "+") added.push(line);
    else if (line.kind === "-") reversed.push(line);
    else {
      reversed.push(...added, line);
      added = [];
    }
  }
  return { oldStart: newStart, newStart: oldStart, lines: [...reversed, ...added] };
}
