/**
 * The exit code that `bwrap --json-status-fd` told, one JSON document a line; `undefined` when the command was never started:
 * a failed exec or mount reports none. Lines that are not complete or not as expected are taken for not written.
 */
export function toldExitCode(text: string): number | undefined {
  const codes = text.split("\n").flatMap((line) => /"exit-code"\s*:\s*(\d+)/.exec(line)?.[1] ?? []);
  const last = codes.at(-1);
  return last === undefined ? undefined : Number(last);
}
