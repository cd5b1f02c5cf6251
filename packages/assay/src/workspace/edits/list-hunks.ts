import { raise } from "#domain";
import { parseDiff, patchPath } from "#syntax";
import { formatDiff } from "./format-diff.ts";
import { splitHunks } from "./hunks.ts";
import { splitBlocks } from "./split-blocks.ts";

export type ListedHunk = {
  /** By itself; it applies to what the whole applied to. */
  diff: string;
  file: string;
  /** 1-based, in the changed file. */
  line: number;
  /** Added and removed. */
  lines: number;
  /** A file that comes, goes or moves as a whole, or a change of mode. */
  whole: boolean;
};

/**
 * The hunks of a diff with their places: blocks of neighbouring changed lines, so that no change hides behind another one near it.
 * Any of them can be put together by `combineHunks`. Throws a `FaultError` of code `patch-rejected` for what is no diff.
 */
export function listHunks(diff: string): ListedHunk[] {
  if (diff === "") return [];
  const parsed = parseDiff(diff);
  if (parsed.kind === "malformed") raise("patch-rejected", parsed.message);
  return parsed.files.flatMap((patch) => {
    const whole = patch.oldPath !== patch.newPath;
    const file = whole ? patch : { ...patch, hunks: patch.hunks.flatMap(splitBlocks) };
    const parts = splitHunks(formatDiff([file]));
    // A change of mode stands before the hunks.
    const modes = parts.length - (whole ? 1 : file.hunks.length);
    return parts.map((part, index) => {
      const hunk = file.hunks[whole ? 0 : index - modes];
      const changed = whole ? file.hunks.flatMap(({ lines }) => lines) : (hunk?.lines ?? []);
      const first = hunk?.lines.findIndex(({ kind }) => kind !== " ") ?? 0;
      return {
        diff: part,
        file: patchPath(file),
        line: Math.max(1, (hunk?.newStart ?? 1) + Math.max(0, first)),
        lines: changed.filter(({ kind }) => kind !== " ").length,
        whole: whole || hunk === undefined,
      };
    });
  });
}
