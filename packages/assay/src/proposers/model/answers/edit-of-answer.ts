import type { Edit } from "@assay/sdk";
import { assertNever } from "#domain";
import type { ProposalRequest } from "#ports";
import { applyEdits, type Changes, isCrlf, parseDiff, type ReadFileState } from "#syntax";
import type { ProposedEdit } from "./answer-shape.ts";
import { checkPath, plainPath } from "./check-path.ts";
import { normaliseDiff } from "./normalise-diff.ts";
import { occurrenceOf } from "./where-it-occurs.ts";

/** Of one answer: each is looked for in the whole of its file. */
const hunksMax = 50;

export type PlacedEdit = { kind: "placed"; edit: Edit; changes: Changes } | { kind: "problem"; problem: string };

/** The proposed edit as one of the project's files, applied in memory; or exactly why it cannot be. */
export async function editOfAnswer(
  file: string | undefined,
  proposed: ProposedEdit,
  request: ProposalRequest,
  read: ReadFileState,
): Promise<PlacedEdit> {
  const path = file === undefined ? undefined : plainPath(file);
  const made =
    proposed.mode === "diff" ? diffOf(path, proposed.patch, request) : await ofOneFile(path, proposed, request, read);
  if (typeof made === "string") return { kind: "problem", problem: made };
  const applied = await applyEdits([made], read);
  if (applied.kind === "applied") return { kind: "placed", edit: made, changes: applied.changes };
  const problem = applied.problems
    .slice(0, 5)
    .map((one) => (one.path === "" ? one.message : `${one.path}: ${one.message}`));
  return { kind: "problem", problem: problem.join("; ") };
}

function diffOf(path: string | undefined, patch: string, request: ProposalRequest): Edit | string {
  const diff = normaliseDiff(patch, path);
  const parsed = parseDiff(diff);
  if (parsed.kind === "malformed") return `patch: ${parsed.message}`;
  for (const { oldPath, newPath } of parsed.files) {
    const paths = [oldPath, newPath].filter((one) => one !== undefined);
    const problem = paths.map((one) => checkPath(one, request, oldPath === undefined)).find((one) => one !== undefined);
    if (problem !== undefined) return problem;
  }
  const hunks = parsed.files.reduce((count, file) => count + file.hunks.length, 0);
  if (hunks > hunksMax) return `patch: it has ${hunks} hunks, more than ${hunksMax}`;
  if (parsed.files.every(({ hunks }) => hunks.length === 0)) return "patch: there is no hunk in it";
  return { kind: "diff", diff };
}

async function ofOneFile(
  path: string | undefined,
  proposed: Exclude<ProposedEdit, { mode: "diff" }>,
  request: ProposalRequest,
  read: ReadFileState,
): Promise<Edit | string> {
  if (path === undefined) return "file_to_patch is missing: it names the file to be changed";
  const problem = checkPath(path, request, proposed.mode === "rewrite");
  if (problem !== undefined) return problem;
  switch (proposed.mode) {
    case "rewrite":
      return { kind: "rewrite", path, content: proposed.content };
    case "update": {
      const found = await read(path);
      if (found.kind !== "file") return `${path}: ${found.kind === "refused" ? found.reason : "there is no such file"}`;
      return updateOf(path, found.state.text, proposed);
    }
    default:
      return assertNever(proposed);
  }
}

/** A line feed at the end of both texts is the document's where the file does not have it there. */
function updateOf(path: string, text: string, { oldStr, newStr }: { oldStr: string; newStr: string }): Edit | string {
  if (oldStr === newStr) return "nothing would change: new_str is old_str";
  const plain = isCrlf(text) ? text.replaceAll("\r\n", "\n") : text;
  const occurrence = occurrenceOf(path, plain, oldStr);
  if (occurrence.kind === "once") return { kind: "update", path, oldStr, newStr };
  if (oldStr.endsWith("\n") && oldStr.trim() !== "") {
    const shorter = { oldStr: oldStr.slice(0, -1), newStr: newStr.endsWith("\n") ? newStr.slice(0, -1) : newStr };
    if (occurrenceOf(path, plain, shorter.oldStr).kind === "once") return { kind: "update", path, ...shorter };
  }
  return occurrence.problem;
}
