import { formatDiff } from "./format-diff.ts";
import { makeFilePatch } from "./make-diff.ts";

/** A unified diff in git's format that turns one text file into another, or makes it where there is none; empty for equal texts. */
export function fileDiff(path: string, before: string | undefined, after: string): string {
  const state = (text: string) => ({ text, executable: false });
  const patch = makeFilePatch(path, before === undefined ? undefined : state(before), state(after));
  return patch === undefined ? "" : formatDiff([patch]);
}
