import { lineCharactersMax, redactLines } from "./redact.ts";
import { reveal } from "./reveal.ts";

export type ShownText = {
  lines: readonly string[];
  /** Every line stands there as it is in the file, but for its line end. */
  faithful: boolean;
};

/** A text of the project as a prompt may show it: without secrets, with what cannot be seen by its name, long lines cut. */
export function shownText(text: string, names = true): ShownText {
  const plain = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const lines = (plain.endsWith("\n") ? plain.slice(0, -1) : plain).split("\n");
  const shown = redactLines(lines, names).map((line) => reveal(cutLine(line)));
  return { lines: shown, faithful: shown.every((line, index) => line === lines[index]) };
}

function cutLine(line: string): string {
  if (line.length <= lineCharactersMax) return line;
  const kept = line.slice(0, lineCharactersMax).replace(/[\ud800-\udbff]$/, "");
  return `${kept}… ${line.length - kept.length} characters left out`;
}

/** Lines `from` to `to` (1-based, inclusive) with their numbers. */
export function numbered({ lines }: Pick<ShownText, "lines">, from = 1, to = lines.length): string[] {
  const width = String(lines.length).length;
  return lines.slice(from - 1, to).map((line, index) => `${String(from + index).padStart(width)}| ${line}`);
}
