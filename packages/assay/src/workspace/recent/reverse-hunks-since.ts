import type { Edit } from "@assay/sdk";
import type { Snapshot } from "#ports";
import { alwaysExcluded, decodeText, type FileState, isCrlf, toCrlf } from "#syntax";
import { formatDiff } from "../edits/format-diff.ts";
import { splitHunks } from "../edits/hunks.ts";
import { makeFilePatch } from "../edits/make-diff.ts";
import { readState } from "../files/read-state.ts";
import { type ChangedFile, changedSince, resolveCommit } from "./changed-since.ts";

export type ReverseHunk = { summary: string; edit: Edit };

/** Hunks returned at most. */
const hunksMax = 1000;

/** Contract: `Workspaces.reverseHunksSince`. */
export async function reverseHunksSince(snapshot: Snapshot, revision: string): Promise<ReverseHunk[]> {
  const commit = await resolveCommit(snapshot.root, revision);
  const changed = await changedSince(snapshot, commit);
  const hunks: RankedHunk[] = [];
  for (const file of changed) hunks.push(...(await hunksOf(snapshot, file)));
  hunks.sort(byRank);
  return hunks.slice(0, hunksMax).map(({ path, diff, lines }) => ({
    summary: `take back ${lines} ${lines === 1 ? "line" : "lines"} changed in ${path} since ${revision}`,
    edit: { kind: "diff", diff },
  }));
}

type RankedHunk = { path: string; diff: string; lines: number; wholeFile: boolean; uncommitted: boolean };

async function hunksOf(snapshot: Snapshot, file: ChangedFile): Promise<RankedHunk[]> {
  const { path, uncommitted } = file;
  if (alwaysExcluded(path) !== undefined) return [];
  const found = await readState(snapshot.directory, path);
  if (found.kind === "refused") return [];
  const now = found.kind === "file" ? found.state : undefined;
  const before = stateBefore(file.before, now);
  if (before === "not text") return [];
  // From what is now to what was: the change taken back.
  const patch = makeFilePatch(path, now, before);
  if (patch === undefined) return [];
  const wholeFile = now === undefined || before === undefined;
  return splitHunks(formatDiff([patch])).map((diff) => ({
    path,
    diff,
    lines: changedLines(diff),
    wholeFile,
    uncommitted,
  }));
}

function stateBefore(before: ChangedFile["before"], now: FileState | undefined): FileState | undefined | "not text" {
  if (before === undefined) return undefined;
  const text = decodeText(before.content);
  if (text === undefined || text.includes("\0")) return "not text";
  // A pointer of git's large file storage is not the file.
  if (text.startsWith("version https://git-lfs")) return "not text";
  // A commit may hold the line ends normalised.
  const sameEnds = now !== undefined && isCrlf(now.text) && !text.includes("\r") ? toCrlf(text) : text;
  return { text: sameEnds, executable: now?.executable ?? before.executable };
}

/** Counts the `+` and `-` lines, without the two names. */
function changedLines(diff: string): number {
  const body = diff.slice(Math.max(0, diff.indexOf("\n@@ ")));
  return body.split("\n").filter((line) => line.startsWith("+") || line.startsWith("-")).length;
}

/** What was never committed is newest; whole files come last; small before large. */
function byRank(a: RankedHunk, b: RankedHunk): number {
  return (
    Number(a.wholeFile) - Number(b.wholeFile) ||
    Number(b.uncommitted) - Number(a.uncommitted) ||
    a.lines - b.lines ||
    (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
  );
}
