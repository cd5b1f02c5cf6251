import { examineMachine, listCrashPoints, type MachineCheck, repairMachine } from "#app";
import { sanitizeLine } from "#report";
import { writeListing, writeResult } from "../output/json.ts";
import { styler } from "../output/style.ts";

export type DoctorOptions = {
  fix?: boolean;
  crashPoints?: boolean;
  /** A project's folder; true: the current one. */
  journal?: string | true;
  json?: boolean;
};

export async function doctorCommand(options: DoctorOptions): Promise<void> {
  if (options.crashPoints) return printCrashPoints(options.json === true);
  if (options.journal !== undefined) {
    const { doctorJournalCommand } = await import("./doctor-journal.ts");
    return doctorJournalCommand(options.journal === true ? "." : options.journal, options);
  }
  const tell = (line: string) => process.stderr.write(`${sanitizeLine(line)}\n`);
  const checks = options.fix ? await repairMachine(tell) : await examineMachine();
  const missing = checks.filter(({ status }) => status === "missing");
  process.exitCode = missing.length === 0 ? 0 : 4;
  const summary =
    missing.length === 0
      ? "This machine can run and isolate projects."
      : `Missing: ${missing.map(({ check }) => check).join(", ")}.`;
  if (options.json) {
    print(checks);
    const outcome = missing.length === 0 ? "nothing-to-do" : "failed";
    writeResult({ type: "result", outcome, exitCode: process.exitCode, summary });
    return;
  }
  const style = styler(process.stdout);
  const marks = { ok: style("green", "✓"), missing: style("red", "✗"), limited: style("yellow", "!") };
  for (const { check, status, detail, remedy } of checks) {
    process.stdout.write(`  ${marks[status]} ${style("bold", check.padEnd(12))} ${sanitizeLine(detail)}\n`);
    if (remedy !== undefined) process.stdout.write(`    → ${sanitizeLine(remedy)}\n`);
  }
  // What the kernel does not allow, no package brings.
  const installable = missing.some(({ check }) => check !== "isolation");
  process.stdout.write(`\n  ${summary}${installable && !options.fix ? " Install it with: assay doctor --fix" : ""}\n`);
}

function print(checks: readonly MachineCheck[]): void {
  for (const check of checks) writeListing({ type: "machine-checked", ...check });
}

function printCrashPoints(json: boolean): void {
  const names = listCrashPoints();
  if (!json) {
    process.stdout.write(`${names.join("\n")}\n`);
    return;
  }
  for (const name of names) writeListing({ type: "crash-point", name });
  writeResult({ type: "result", outcome: "nothing-to-do", exitCode: 0, summary: `${names.length} crash points` });
}
