import type { EditProblem } from "#ports";
import type { EditedFiles } from "./apply-edits.ts";
import { applyHunks } from "./apply-hunks.ts";
import { type FilePatch, newLines, patchPath } from "./file-patch.ts";
import type { FileState } from "./file-state.ts";

/** Applies one file's part of a diff: a change, a new file, a deletion, a rename or a copy. */
export async function applyFilePatch(patch: FilePatch, files: EditedFiles): Promise<EditProblem[]> {
  const path = patchPath(patch);
  const before = await stateBefore(patch, files);
  if (typeof before === "string") return [{ path: patch.oldPath ?? path, message: before }];
  const moved = patch.newPath !== undefined && patch.newPath !== patch.oldPath;
  if (moved) {
    const found = await files.find(path);
    if (found.kind === "refused") return [{ path, message: found.reason }];
    if (found.kind === "file") return [{ path, message: "the diff creates this file, but there is one" }];
  }
  const applied = applyHunks(before.text, patch.hunks);
  if (applied.kind === "failed") return applied.problems.map(({ hunk, message }) => ({ path, message, hunk }));
  if (patch.newPath === undefined && applied.text !== "") {
    return [{ path, message: "the diff deletes this file, but not all of its lines" }];
  }
  if (patch.oldPath !== undefined && moved && !patch.copy) files.changes.set(patch.oldPath, undefined);
  const executable = patch.newExecutable ?? before.executable;
  files.changes.set(path, patch.newPath === undefined ? undefined : { text: applied.text, executable });
  return [];
}

async function stateBefore(patch: FilePatch, files: EditedFiles): Promise<FileState | string> {
  if (patch.oldPath === undefined) {
    const bad = patch.hunks.length > 1 || patch.hunks.some((hunk) => newLines(hunk).length !== hunk.lines.length);
    return bad ? "the diff creates this file, but has context or removed lines" : { text: "", executable: false };
  }
  const found = await files.find(patch.oldPath);
  if (found.kind === "refused") return found.reason;
  return found.kind === "absent" ? "there is no such file" : found.state;
}
