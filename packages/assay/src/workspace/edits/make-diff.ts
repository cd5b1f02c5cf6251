import { structuredPatch } from "diff";
import type { FileState } from "#syntax";
import { type FilePatch, type Hunk, splitLines } from "#syntax";

/** Lines removed and added until the shortest diff is no longer looked for, which takes time in its square. */
const editLengthMax = 1500;
const contextLines = 3;

/** The change of one file from `before` to `after` (`undefined`: no file); `undefined` when nothing changed. Deterministic. */
export function makeFilePatch(
  path: string,
  before: FileState | undefined,
  after: FileState | undefined,
): FilePatch | undefined {
  if (before?.text === after?.text && before?.executable === after?.executable) return undefined;
  return {
    oldPath: before === undefined ? undefined : path,
    newPath: after === undefined ? undefined : path,
    ...(before !== undefined && { oldExecutable: before.executable }),
    ...(after !== undefined && { newExecutable: after.executable }),
    hunks: hunksBetween(before?.text ?? "", after?.text ?? ""),
  };
}

/** The hunks that turn one text into the other, with three lines of context. */
export function hunksBetween(before: string, after: string): Hunk[] {
  if (before === after) return [];
  const options = { context: contextLines, maxEditLength: editLengthMax };
  const patch = structuredPatch("a", "b", before, after, "", "", options);
  if (patch === undefined) return [wholeChange(splitLines(before), splitLines(after))];
  return patch.hunks.map((hunk) => {
    const lines: Hunk["lines"] = [];
    for (const line of hunk.lines) {
      const last = lines.at(-1);
      if (!line.startsWith("\\")) lines.push({ kind: line[0] as " " | "-" | "+", text: `${line.slice(1)}\n` });
      else if (last !== undefined) last.text = last.text.slice(0, -1);
    }
    return {
      oldStart: hunk.oldLines === 0 ? hunk.oldStart - 1 : hunk.oldStart,
      newStart: hunk.newLines === 0 ? hunk.newStart - 1 : hunk.newStart,
      lines,
    };
  });
}

/** One hunk over everything but the equal head and tail. */
function wholeChange(before: readonly string[], after: readonly string[]): Hunk {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const rest = Math.min(before.length, after.length) - head;
  while (tail < rest && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const from = Math.max(0, head - contextLines);
  const kept = Math.max(0, tail - contextLines);
  const line = (kind: " " | "-" | "+") => (text: string) => ({ kind, text });
  const lines = [
    ...before.slice(from, head).map(line(" ")),
    ...before.slice(head, before.length - tail).map(line("-")),
    ...after.slice(head, after.length - tail).map(line("+")),
    ...before.slice(before.length - tail, before.length - kept).map(line(" ")),
  ];
  const empty = (side: "-" | "+") => !lines.some(({ kind }) => kind === " " || kind === side);
  return { oldStart: empty("-") ? from : from + 1, newStart: empty("+") ? from : from + 1, lines };
}
