import { examineJournal, type JournalCheck, type Repair, repairJournal } from "#app";
import { sanitizeLine } from "#report";
import { writeListing, writeResult } from "../output/json.ts";
import { styler } from "../output/style.ts";

/** As of the fault `journal-corrupt`. */
const damagedExitCode = 4;

export async function doctorJournalCommand(
  directory: string,
  options: { fix?: boolean; json?: boolean },
): Promise<void> {
  const repair = options.fix ? await repairJournal(directory) : undefined;
  const checks = repair?.checks ?? (await examineJournal(directory));
  const damaged = checks.filter(({ status }) => status === "damaged").length;
  process.exitCode = damaged === 0 ? 0 : damagedExitCode;
  const lines = repair === undefined ? [] : repairLines(repair);
  const state =
    damaged === 0 ? "The journal is sound." : `The journal is damaged: ${damaged} of ${checks.length} checks.`;
  const summary = [...lines, state].join(" ");
  if (options.json) {
    for (const check of checks) writeListing({ type: "journal-checked", ...check });
    const outcome = damaged > 0 ? "failed" : repair?.salvage === undefined ? "nothing-to-do" : "done";
    writeResult({ type: "result", outcome, exitCode: process.exitCode, summary });
    return;
  }
  printChecks(checks);
  for (const line of [...lines, state]) process.stdout.write(`  ${sanitizeLine(line)}\n`);
}

function printChecks(checks: readonly JournalCheck[]): void {
  const style = styler(process.stdout);
  const marks = { ok: style("green", "✓"), damaged: style("red", "✗"), limited: style("yellow", "!") };
  for (const { check, status, detail, remedy } of checks) {
    process.stdout.write(`  ${marks[status]} ${style("bold", check.padEnd(12))} ${sanitizeLine(detail)}\n`);
    if (remedy !== undefined) process.stdout.write(`    → ${sanitizeLine(remedy)}\n`);
  }
  process.stdout.write("\n");
}

/** What was done, and above all what was not saved. */
function repairLines({ salvage, swept }: Repair): string[] {
  const lines = swept === 0 ? [] : [`${swept} leftover file${swept === 1 ? "" : "s"} removed.`];
  if (salvage === undefined) return lines;
  const { saved, quarantined, lost, complete, copy } = salvage;
  lines.push(`${saved.length} run${saved.length === 1 ? "" : "s"} saved; the files as they were found are in ${copy}.`);
  for (const { run, because, file } of quarantined)
    lines.push(`${run} was not saved: ${because}; what is left of it: ${file}.`);
  if (lost.length > 0) lines.push(`Records that could not all be read: ${lost.join(", ")}.`);
  if (!complete) lines.push("There may have been more runs, on pages that cannot be read.");
  return lines;
}
