/** One line of a hunk: its kind, and its text with its line end (`\n`, or none at the end of a file without one). */
export type HunkLine = { kind: " " | "-" | "+"; text: string };

/** Line numbers are 1-based and those of the diff; for zero lines the number of the line before. */
export type Hunk = { oldStart: number; newStart: number; lines: HunkLine[] };

/** The change of one file. */
export type FilePatch = {
  /** `undefined`: the file is created. */
  oldPath: string | undefined;
  /** `undefined`: the file is deleted. */
  newPath: string | undefined;
  /** Stated in git's header only. */
  oldExecutable?: boolean;
  newExecutable?: boolean;
  /** The old file stays. */
  copy?: boolean;
  hunks: Hunk[];
};

export const oldLines = ({ lines }: Hunk): string[] => lines.filter(({ kind }) => kind !== "+").map(({ text }) => text);
export const newLines = ({ lines }: Hunk): string[] => lines.filter(({ kind }) => kind !== "-").map(({ text }) => text);

/** The path a person would name. */
export const patchPath = ({ oldPath, newPath }: FilePatch): string => newPath ?? oldPath ?? "";

/** A text's lines with their line ends. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
