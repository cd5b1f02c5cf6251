/**
 * The exit code that `bwrap --json-status-fd` told, one JSON document a line; `undefined` when the command was never started:
 * a failed exec or mount reports none. Lines that are not complete or not as expected are taken for not written.
 */
export function toldExitCode(text: string): number | undefined {
  const documents = text.split("\n").filter((line) => line.startsWith("{"));
  const codes = documents.flatMap((line) => /"exit-code"\s*:\s*(\d+)/.exec(line)?.[1] ?? []);
  const last = codes.at(-1);
  return last === undefined ? undefined : Number(last);
}

/** Whether bubblewrap has told that it runs the command; until then there are only the launcher's empty lines. */
export function isStarted(text: string): boolean {
  return text.trim() !== "";
}

/** How the launcher's script begins a line about a watched path that was written. */
export const writtenPrefix = "written ";

export function toldWritten(text: string): string[] {
  const lines = text.split("\n").filter((line) => line.startsWith(writtenPrefix));
  return [...new Set(lines.map((line) => line.slice(writtenPrefix.length)))].sort();
}
