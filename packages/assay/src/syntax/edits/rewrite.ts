import { type FileState, isCrlf, toCrlf } from "./file-state.ts";

const byteOrderMark = "\ufeff";

/** The whole file anew: its BOM, CR LF line ends and mode are kept unless the content brings its own. */
export function rewrite(before: FileState | undefined, content: string): FileState {
  if (before === undefined) return { text: content, executable: false };
  const lines = isCrlf(before.text) && !content.includes("\r") ? toCrlf(content) : content;
  const keepsMark = before.text.startsWith(byteOrderMark) && !lines.startsWith(byteOrderMark);
  return { text: keepsMark ? byteOrderMark + lines : lines, executable: before.executable };
}
