import { backUp, restore } from "#app";
import { formatCount, plural, sanitizeLine } from "#report";
import { writeResult } from "../output/json.ts";

const shownMax = 10;

export async function backupCommand(directory: string, options: { to: string; json?: boolean }): Promise<void> {
  const { path, files, bytes, leftOut } = await backUp(directory, options.to);
  conclude(`Backed up ${size(files, bytes)} to ${path}.`, options.json);
  for (const line of leftOut.slice(0, shownMax)) process.stderr.write(`left out: ${sanitizeLine(line)}\n`);
  const more = leftOut.length - shownMax;
  if (more > 0) process.stderr.write(`left out: ${formatCount(more)} more\n`);
}

export async function restoreCommand(backup: string, options: { to: string; json?: boolean }): Promise<void> {
  const { path, files, bytes, madeAt, root } = await restore(backup, options.to);
  const when = new Date(madeAt).toISOString();
  conclude(`Restored ${size(files, bytes)} to ${path}, as ${root} was at ${when}.`, options.json);
}

function size(files: number, bytes: number): string {
  return `${plural(files, "file")} (${formatCount(Math.ceil(bytes / 1024))} KiB)`;
}

function conclude(summary: string, json: boolean | undefined): void {
  if (json) writeResult({ type: "result", outcome: "done", exitCode: 0, summary });
  else process.stdout.write(`${sanitizeLine(summary, 5_000)}\n`);
}
