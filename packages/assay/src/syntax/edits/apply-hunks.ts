import { type Hunk, newLines, oldLines, splitLines } from "./file-patch.ts";
import { isCrlf, toCrlf } from "./file-state.ts";
import { type Place, placeHunks } from "./place-hunks.ts";

export type HunkProblem = { hunk: number; message: string };
export type HunksApplied = { kind: "applied"; text: string } | { kind: "failed"; problems: HunkProblem[] };

/**
 * Applies the hunks of one file, all or none. Tried exactly as written first; then with what editors and models leave
 * out taken as the file has it: CR LF line ends, a BOM, a missing final newline.
 */
export function applyHunks(text: string, hunks: readonly Hunk[]): HunksApplied {
  const exact = applyExactly(text, hunks);
  if (exact.kind === "applied") return exact;
  const forms = formsLeftOut(text, hunks);
  if (forms.length === 0) return exact;
  const plain = forms.reduce((form, { remove }) => remove(form), text);
  const applied = applyExactly(plain, hunks);
  if (applied.kind === "failed") return applied.problems.length < exact.problems.length ? applied : exact;
  return { kind: "applied", text: forms.reduceRight((form, { restore }) => restore(form), applied.text) };
}

type Form = { remove(text: string): string; restore(text: string): string };

const byteOrderMark: Form = { remove: (text) => text.slice(1), restore: (text) => `\ufeff${text}` };
const carriageReturns: Form = { remove: (text) => text.replaceAll("\r\n", "\n"), restore: toCrlf };
const missingNewline: Form = { remove: (text) => `${text}\n`, restore: (text) => text.replace(/\r?\n$/, "") };

function formsLeftOut(text: string, hunks: readonly Hunk[]): Form[] {
  const lines = hunks.flatMap((hunk) => hunk.lines.map((line) => line.text));
  const forms: Form[] = [];
  if (text.startsWith("\ufeff") && !lines.some((line) => line.startsWith("\ufeff"))) forms.push(byteOrderMark);
  if (isCrlf(text) && !lines.some((line) => line.includes("\r"))) forms.push(carriageReturns);
  if (text !== "" && !text.endsWith("\n") && lines.every((line) => line.endsWith("\n"))) forms.push(missingNewline);
  return forms;
}

function applyExactly(text: string, hunks: readonly Hunk[]): HunksApplied {
  const lines = splitLines(text);
  const places = placeHunks(lines, hunks);
  const problems = places.flatMap((place, index) =>
    place.kind === "nowhere"
      ? [{ hunk: index + 1, message: `hunk ${index + 1} of ${hunks.length}: ${place.why}` }]
      : [],
  );
  if (problems.length > 0) return { kind: "failed", problems };
  const found = places
    .map((place, index) => ({ at: (place as Place & { kind: "at" }).line, hunk: hunks[index] as Hunk }))
    .sort((a, b) => b.at - a.at);
  for (const { at, hunk } of found) lines.splice(at, oldLines(hunk).length, ...newLines(hunk));
  const unterminated = lines.slice(0, -1).findIndex((line) => !line.endsWith("\n"));
  if (unterminated >= 0) {
    const message = "the diff puts lines after a last line without a newline";
    return { kind: "failed", problems: [{ hunk: hunks.length, message }] };
  }
  return { kind: "applied", text: lines.join("") };
}
