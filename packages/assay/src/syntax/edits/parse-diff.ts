import { parsePatch, type StructuredPatch, type StructuredPatchHunk } from "diff";
import { diffBounds } from "./bounds.ts";
import type { FilePatch, Hunk, HunkLine } from "./file-patch.ts";

export type ParsedDiff = { kind: "parsed"; files: FilePatch[] } | { kind: "malformed"; message: string };

/** Parses a unified diff of any number of files: git's format, or plain `---`/`+++` with or without `a/` and `b/`, with or without times. */
export function parseDiff(diff: string): ParsedDiff {
  if (diff.length > diffBounds.charactersMax) {
    return { kind: "malformed", message: `the diff has more than ${diffBounds.charactersMax} characters` };
  }
  let patches: StructuredPatch[];
  try {
    patches = parsePatch(diff);
  } catch (error) {
    return { kind: "malformed", message: `not a unified diff: ${(error as Error).message}` };
  }
  const files: FilePatch[] = [];
  for (const patch of patches) {
    if (patch.oldFileName === undefined && patch.newFileName === undefined) {
      if (patch.hunks.length > 0) return { kind: "malformed", message: "a hunk without the name of a file" };
      continue;
    }
    const special = [patch.oldMode, patch.newMode].find((mode) => mode !== undefined && !mode.startsWith("100"));
    if (special !== undefined) {
      return { kind: "malformed", message: `${patch.newFileName}: mode ${special} is not that of a regular file` };
    }
    if (patch.isBinary) return { kind: "malformed", message: `${patch.newFileName}: a change of a binary file` };
    files.push(fileOf(patch));
  }
  if (files.reduce((count, { hunks }) => count + hunks.length, 0) > diffBounds.hunksMax) {
    return { kind: "malformed", message: `the diff has more than ${diffBounds.hunksMax} hunks` };
  }
  if (files.length === 0) return { kind: "malformed", message: "the diff names no file" };
  return { kind: "parsed", files };
}

function fileOf(patch: StructuredPatch): FilePatch {
  const created = patch.isCreate === true || patch.oldFileName === "/dev/null";
  const deleted = patch.isDelete === true || patch.newFileName === "/dev/null";
  const [oldPath, newPath] = strip(patch);
  const file: FilePatch = {
    oldPath: created ? undefined : oldPath,
    newPath: deleted ? undefined : newPath,
    hunks: patch.hunks.map(hunkOf),
  };
  // Without git's word for it, two names are one file before and after, as with `diff -u app.py.orig app.py`.
  if (!created && !deleted && !patch.isRename && !patch.isCopy) file.oldPath = newPath;
  if (patch.isCopy) file.copy = true;
  if (patch.oldMode !== undefined) file.oldExecutable = patch.oldMode.endsWith("755");
  if (patch.newMode !== undefined) file.newExecutable = patch.newMode.endsWith("755");
  return file;
}

/** Takes `a/` and `b/` off when both names have theirs; of a created or deleted file the one name decides. */
function strip({ oldFileName = "", newFileName = "" }: StructuredPatch): [string, string] {
  const oldMarked = oldFileName.startsWith("a/") || oldFileName === "/dev/null";
  const newMarked = newFileName.startsWith("b/") || newFileName === "/dev/null";
  if (!oldMarked || !newMarked) return [oldFileName, newFileName];
  return [oldFileName.slice(2), newFileName.slice(2)];
}

function hunkOf(hunk: StructuredPatchHunk): Hunk {
  const lines: HunkLine[] = [];
  for (const line of hunk.lines) {
    const last = lines.at(-1);
    if (line.startsWith("\\")) {
      if (last !== undefined) last.text = last.text.replace(/\n$/, "");
    } else {
      // Some editors strip the blank that marks an empty context line.
      const kind = line === "" ? " " : (line[0] as HunkLine["kind"]);
      lines.push({ kind, text: `${line.slice(1)}\n` });
    }
  }
  // The parser adds one to the start of an empty side; here it is as git writes it.
  return {
    oldStart: hunk.oldLines === 0 ? hunk.oldStart - 1 : hunk.oldStart,
    newStart: hunk.newLines === 0 ? hunk.newStart - 1 : hunk.newStart,
    lines,
  };
}
