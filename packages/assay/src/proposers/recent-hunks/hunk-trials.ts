import type { Edit } from "@assay/sdk";

/** One or several hunks to take back together. */
export type HunkTrial = { summary: string; edits: Edit[]; method: "hunk" | "file" };

/** Every hunk alone, then all hunks of each file that has several. */
export function hunkTrials(hunks: readonly { summary: string; edit: Edit }[], trialsMax: number): HunkTrial[] {
  const singles = hunks.map(({ summary, edit }): HunkTrial => ({ summary, edits: [edit], method: "hunk" }));
  const byFile = new Map<string, Edit[]>();
  for (const { edit } of hunks) byFile.set(pathOf(edit), [...(byFile.get(pathOf(edit)) ?? []), edit]);
  const files = [...byFile]
    .filter(([, edits]) => edits.length > 1)
    .map(([path, edits]): HunkTrial => ({ summary: `take back all recent changes of ${path}`, edits, method: "file" }));
  return [...singles, ...files].slice(0, trialsMax);
}

function pathOf(edit: Edit): string {
  if (edit.kind !== "diff") return edit.path;
  const names = [...edit.diff.matchAll(/^(?:---|\+\+\+) (?:[ab]\/)?([^\t\r\n]+)/gm)].map((match) => match[1] ?? "");
  return names.find((name) => name !== "/dev/null") ?? "";
}
