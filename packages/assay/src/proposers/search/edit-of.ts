import type { Edit } from "@assay/sdk";
import { createTwoFilesPatch } from "diff";
import type { Trial } from "./trials.ts";

/** Lines of context that may be added to make the replaced text unique. */
const contextLinesMax = 3;

/** The smallest honest edit: an `update` of whole lines where they are unique with a little context, else a `diff`. */
export function editOf(trial: Trial): Edit {
  const { source, edit } = trial;
  for (let context = 0; context <= contextLinesMax; context += 1) {
    const start = lineStart(source, edit.start, context);
    const end = lineEnd(source, edit.end, context);
    const oldStr = source.slice(start, end);
    if (oldStr.trim() === "" || source.indexOf(oldStr) !== source.lastIndexOf(oldStr)) continue;
    const newStr = source.slice(start, edit.start) + edit.replacement + source.slice(edit.end, end);
    return { kind: "update", path: edit.file, oldStr, newStr };
  }
  const diff = createTwoFilesPatch(`a/${edit.file}`, `b/${edit.file}`, source, trial.result, undefined, undefined, {
    context: 3,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
  return { kind: "diff", diff };
}

function lineStart(source: string, offset: number, linesBefore: number): number {
  let start = source.lastIndexOf("\n", offset - 1) + 1;
  for (let line = 0; line < linesBefore && start > 0; line += 1) start = source.lastIndexOf("\n", start - 2) + 1;
  return start;
}

function lineEnd(source: string, offset: number, linesAfter: number): number {
  let end = offset;
  for (let line = 0; line <= linesAfter; line += 1) {
    const feed = source.indexOf("\n", line === 0 ? end : end + 1);
    if (feed === -1) return source.length;
    end = feed;
  }
  return end;
}
