/**
 * A model's diff as a diff ought to be: the names of the file in front where there are none, and each hunk's counts as its lines
 * are, which models count wrongly. Empty lines at a hunk's end are left out: they are the document's, and as context they only narrow.
 * Looks at each line once. Line numbers stay as they are: places are found by context.
 */
export function normaliseDiff(patch: string, file: string | undefined): string {
  const lines = patch.split("\n");
  const out: string[] = [];
  const isNamed = lines.some((line, at) => startsFile(lines, at) || line.startsWith("diff --git "));
  if (!isNamed && file !== undefined) out.push(`--- a/${file}`, `+++ b/${file}`);
  for (let at = 0; at < lines.length; ) {
    const header = /^@@ -(\d{1,9})(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@/.exec((lines[at] ?? "").slice(0, 80));
    if (header === null) {
      if ((lines[at] ?? "") !== "" || at < lines.length - 1) out.push(lines[at] ?? "");
      at += 1;
      continue;
    }
    const body: string[] = [];
    for (at += 1; at < lines.length && isBody(lines, at); at += 1) body.push(lines[at] ?? "");
    while (body.at(-1)?.trim() === "") body.pop();
    out.push(...hunk(Number(header[1]), Number(header[2]), body));
  }
  return `${out.join("\n")}\n`;
}

function hunk(oldStart: number, newStart: number, body: readonly string[]): string[] {
  let [before, after] = [0, 0];
  for (const line of body) {
    if (line.startsWith("\\")) continue;
    if (!line.startsWith("+")) before += 1;
    if (!line.startsWith("-")) after += 1;
  }
  return [`@@ -${oldStart},${before} +${newStart},${after} @@`, ...body.map((line) => (line === "" ? " " : line))];
}

/** A removed line may look like the name of a file; two such lines in a row are one. */
function startsFile(lines: readonly string[], at: number): boolean {
  return lines[at]?.startsWith("--- ") === true && lines[at + 1]?.startsWith("+++ ") === true;
}

function isBody(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? "";
  if (line === "") return true;
  return " +-\\".includes(line[0] ?? "") && !startsFile(lines, at);
}
