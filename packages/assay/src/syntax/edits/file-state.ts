/** A text file as the edits see it; BOM and line ends are part of the text. */
export type FileState = { text: string; executable: boolean };

/** What a path holds. */
export type Found =
  | { kind: "file"; state: FileState }
  | { kind: "absent" }
  /** A folder, a link, not UTF-8 and so on: why it cannot be edited. */
  | { kind: "refused"; reason: string };

export type ReadFileState = (path: string) => Promise<Found>;

/** The state of each path that edits changed; `undefined` for a deleted file. */
export type Changes = Map<string, FileState | undefined>;

/** Decodes UTF-8 and keeps a BOM as its first character; `undefined` if it is not UTF-8. */
export function decodeText(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** Whether every line of the text ends in CR LF, and there is one. */
export function isCrlf(text: string): boolean {
  return text.includes("\r\n") && !/(?<!\r)\n/.test(text);
}

export function toCrlf(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}

/** Whether two states are the same; `null` is no file. */
export function sameState(a: FileState | null, b: FileState | null): boolean {
  return a === null || b === null ? a === b : a.text === b.text && a.executable === b.executable;
}
