/** What `bwrap --json-status-fd` told: one JSON document a line. */
export type LauncherStatus = {
  /** Host pid of the sandbox's first process. */
  firstProcess: number | undefined;
  /** Only known when the command itself was started and has ended: a failed exec or mount reports none. */
  exitCode: number | undefined;
};

/** Lines that are not complete or not as expected are taken for not written. */
export function parseStatus(text: string): LauncherStatus {
  const status: LauncherStatus = { firstProcess: undefined, exitCode: undefined };
  for (const line of text.split("\n")) {
    const first = /"child-pid"\s*:\s*(\d+)/.exec(line)?.[1];
    const code = /"exit-code"\s*:\s*(\d+)/.exec(line)?.[1];
    if (first !== undefined) status.firstProcess = Number(first);
    if (code !== undefined) status.exitCode = Number(code);
  }
  return status;
}
