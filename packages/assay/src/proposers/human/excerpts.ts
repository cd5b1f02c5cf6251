import type { ClassifiedFailure } from "@assay/sdk";
import type { Excerpt } from "./question.ts";

const excerptsMax = 6;
const around = 4;

/** The lines around the innermost places of each failure, with their numbers; what cannot be read is left out. */
export async function readExcerpts(
  failures: readonly ClassifiedFailure[],
  read: (path: string) => Promise<string | undefined>,
): Promise<Excerpt[]> {
  const places = new Map<string, { file: string; line: number }>();
  for (const { failure } of failures) {
    const own =
      failure.file === undefined || failure.line === undefined ? [] : [{ file: failure.file, line: failure.line }];
    for (const { file, line } of [...failure.frames.slice(0, 2), ...own]) places.set(`${file}:${line}`, { file, line });
  }
  const excerpts: Excerpt[] = [];
  for (const { file, line } of [...places.values()].slice(0, excerptsMax)) {
    const lines = (await read(file))?.split("\n");
    if (lines === undefined || line > lines.length) continue;
    const from = Math.max(1, line - around);
    const text = lines
      .slice(from - 1, line + around)
      .map((code, index) => `${String(from + index).padStart(5)} ${from + index === line ? ">" : " "} ${code}`)
      .join("\n");
    excerpts.push({ file, line, text });
  }
  return excerpts;
}
