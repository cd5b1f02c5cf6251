import type { Edit } from "@assay/sdk";
import { assertNever } from "#domain";
import type { EditProblem } from "#ports";
import { applyFilePatch } from "./apply-file-patch.ts";
import { editedCharactersMax } from "./bounds.ts";
import { pathProblem } from "./edit-path.ts";
import type { Changes, FileState, Found, ReadFileState } from "./file-state.ts";
import { parseDiff } from "./parse-diff.ts";
import { rewrite } from "./rewrite.ts";
import { update } from "./update.ts";

export type EditsApplied = { kind: "applied"; changes: Changes } | { kind: "failed"; problems: EditProblem[] };

/** Applies edits one after the other in memory, each on what those before left; every problem is collected. */
export async function applyEdits(edits: readonly Edit[], read: ReadFileState): Promise<EditsApplied> {
  const files = new EditedFiles(read);
  const problems: EditProblem[] = [];
  for (const edit of edits) problems.push(...(await applyOne(edit, files)));
  for (const [path, state] of files.changes) {
    if ((state?.text.length ?? 0) > editedCharactersMax) problems.push({ path, message: "becomes too large" });
  }
  return problems.length > 0 ? { kind: "failed", problems } : { kind: "applied", changes: files.changes };
}

async function applyOne(edit: Edit, files: EditedFiles): Promise<EditProblem[]> {
  switch (edit.kind) {
    case "update": {
      const found = await files.find(edit.path);
      if (found.kind === "refused") return [{ path: edit.path, message: found.reason }];
      if (found.kind === "absent") return [{ path: edit.path, message: "there is no such file", found: 0 }];
      const outcome = update(edit.path, found.state, edit.oldStr, edit.newStr);
      if (outcome.kind === "failed") return [outcome.problem];
      files.changes.set(edit.path, outcome.state);
      return [];
    }
    case "rewrite": {
      const found = await files.find(edit.path);
      if (found.kind === "refused") return [{ path: edit.path, message: found.reason }];
      files.changes.set(edit.path, rewrite(found.kind === "file" ? found.state : undefined, edit.content));
      return [];
    }
    case "diff": {
      const parsed = parseDiff(edit.diff);
      if (parsed.kind === "malformed") return [{ path: "", message: parsed.message }];
      const problems: EditProblem[] = [];
      for (const patch of parsed.files) problems.push(...(await applyFilePatch(patch, files)));
      return problems;
    }
    default:
      return assertNever(edit);
  }
}

/** The files as edited so far. */
export class EditedFiles {
  readonly changes: Changes = new Map();
  readonly #read: ReadFileState;

  constructor(read: ReadFileState) {
    this.#read = read;
  }

  async find(path: string): Promise<Found> {
    const problem = pathProblem(path);
    if (problem !== undefined) return { kind: "refused", reason: problem };
    if (this.changes.has(path)) return asFound(this.changes.get(path));
    const above = [...this.changes].find(([other, state]) => state !== undefined && path.startsWith(`${other}/`));
    if (above !== undefined) return { kind: "refused", reason: `${above[0]} is a file, not a folder` };
    const below = [...this.changes].find(([other, state]) => state !== undefined && other.startsWith(`${path}/`));
    if (below !== undefined) return { kind: "refused", reason: "a folder" };
    return this.#read(path);
  }
}

function asFound(state: FileState | undefined): Found {
  return state === undefined ? { kind: "absent" } : { kind: "file", state };
}
