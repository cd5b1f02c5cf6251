import { diffWordsWithSpace } from "diff";

export type DiffLine = {
  kind: "added" | "removed" | "context" | "note";
  oldLine?: number;
  newLine?: number;
  /** In pieces; `emphasis` marks what differs from the line it replaces. */
  pieces: readonly { text: string; emphasis: boolean }[];
};

export type DiffHunk = { header: string; lines: readonly DiffLine[] };
export type DiffFile = { path: string; added: number; removed: number; hunks: readonly DiffHunk[] };

const hunkHeader = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)$/;
/** Comparing words takes quadratic time in the worst case. */
const emphasisLengthMax = 300;

type OpenFile = { path: string; added: number; removed: number; hunks: { header: string; lines: DiffLine[] }[] };

/** Parses a unified diff for display only: whatever is not understood is left out, never an error. */
export function parseDiff(diff: string): DiffFile[] {
  const files: OpenFile[] = [];
  let oldPath = "";
  // Lines the current hunk still has: inside it, `--- ` is a removed line and not the start of a file.
  let oldLeft = 0;
  let newLeft = 0;
  let oldLine = 0;
  let newLine = 0;
  for (const line of diff.split("\n")) {
    const file = files.at(-1);
    const lines = file?.hunks.at(-1)?.lines;
    const pieces = [{ text: line.slice(1), emphasis: false }];
    if (file !== undefined && lines !== undefined && oldLeft + newLeft > 0 && /^[ +-]|^$/.test(line)) {
      if (line.startsWith("+")) {
        file.added++;
        newLeft--;
        lines.push({ kind: "added", newLine: newLine++, pieces });
      } else if (line.startsWith("-")) {
        file.removed++;
        oldLeft--;
        lines.push({ kind: "removed", oldLine: oldLine++, pieces });
      } else {
        oldLeft--;
        newLeft--;
        lines.push({ kind: "context", oldLine: oldLine++, newLine: newLine++, pieces });
      }
      continue;
    }
    const header = hunkHeader.exec(line);
    if (header !== null && file !== undefined) {
      [oldLine, newLine] = [Number(header[1]), Number(header[3])];
      [oldLeft, newLeft] = [Number(header[2] ?? 1), Number(header[4] ?? 1)];
      file.hunks.push({ header: (header[5] ?? "").trim(), lines: [] });
    } else if (line.startsWith("\\")) lines?.push({ kind: "note", pieces });
    else if (line.startsWith("--- ")) oldPath = pathOf(line);
    else if (line.startsWith("+++ ")) {
      const newPath = pathOf(line);
      files.push({ path: newPath === "/dev/null" ? oldPath : newPath, added: 0, removed: 0, hunks: [] });
    }
  }
  return files.map((file) => ({
    ...file,
    hunks: file.hunks.map(({ header, lines }) => ({ header, lines: emphasise(lines) })),
  }));
}

/** `--- a/path<TAB>date` → `path`. */
function pathOf(line: string): string {
  const path = (line.slice(4).split("\t")[0] ?? "").replace(/^"(.*)"$/, "$1");
  return path === "/dev/null" ? path : path.replace(/^[ab]\//, "");
}

/** Marks the differing words where removed lines are followed by as many added ones. */
function emphasise(lines: readonly DiffLine[]): DiffLine[] {
  const result = [...lines];
  let removed: number[] = [];
  let added: number[] = [];
  const endBlock = (): void => {
    if (removed.length === added.length) {
      for (const [i, at] of removed.entries()) emphasisePair(result, at, added[i] ?? at);
    }
    removed = [];
    added = [];
  };
  lines.forEach(({ kind }, at) => {
    if (kind === "removed") {
      if (added.length > 0) endBlock();
      removed.push(at);
    } else if (kind === "added") added.push(at);
    // A note, such as a missing line end, belongs to the line before it.
    else if (kind === "context") endBlock();
  });
  endBlock();
  return result;
}

function emphasisePair(lines: DiffLine[], removedAt: number, addedAt: number): void {
  const removed = lines[removedAt];
  const added = lines[addedAt];
  const before = removed?.pieces[0]?.text ?? "";
  const after = added?.pieces[0]?.text ?? "";
  if (removed === undefined || added === undefined || before.length + after.length > emphasisLengthMax) return;
  const changes = diffWordsWithSpace(before, after);
  const common = changes.filter((c) => !c.added && !c.removed).reduce((sum, c) => sum + c.value.trim().length, 0);
  // Two lines with little in common read better whole.
  if (common * 3 < Math.max(before.trim().length, after.trim().length)) return;
  const pieces = (without: "added" | "removed") =>
    changes
      .filter((change) => !change[without])
      .map((change) => ({ text: change.value, emphasis: change.added || change.removed }));
  lines[removedAt] = { ...removed, pieces: pieces("added") };
  lines[addedAt] = { ...added, pieces: pieces("removed") };
}
